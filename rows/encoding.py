"""Lone surrogates: JSON and Python strings may hold them, UTF-8 and every library here refuses them. Cleaned here."""

from typing import Any


def encodable(text: str) -> str:
    """`text` with a question mark in the place of each lone surrogate."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()


def encodable_value(value: Any) -> Any:
    """A value of a row whose strings, keys among them, are all encodable, at any depth; tuples become lists."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {encodable_value(key): encodable_value(item) for key, item in value.items()}
    return [encodable_value(item) for item in value] if isinstance(value, list | tuple) else value
