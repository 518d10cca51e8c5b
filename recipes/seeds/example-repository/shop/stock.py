"""What is in stock and what to order."""

from collections import Counter
from pathlib import Path


def to_order(stock: dict[str, int], lowest: int = 3) -> dict[str, int]:
    """How many of each item to order so that `lowest` of it are there; items with enough are left out."""
    return {item: lowest - count for item, count in stock.items() if count < lowest}


def best_sellers(sold: list[str], most: int = 3) -> list[str]:
    """The items sold most often, at most `most` of them; equally popular ones in alphabetical order."""
    counts = Counter(sold)
    return sorted(counts, key=lambda item: (-counts[item], item))[:most]


def read_stock(path: str) -> list[str]:
    """Lines of a file. Reads a file, so the generator leaves it out."""
    return Path(path).read_text(encoding="utf-8").splitlines()
