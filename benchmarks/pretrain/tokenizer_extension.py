"""Extends a vocabulary by languages and measures it on text that nothing was learned from.

    python benchmarks/pretrain/tokenizer_extension.py --english TEXT --language de=TEXT --language hi=TEXT

Of every ten documents (or, of a few long ones, thousand-line parts) one is kept for measuring. Prints the table,
and which words of all the kept English are cut differently.
"""

import argparse
import itertools
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from pretrain.data.sources import Document, documents
from pretrain.tokenizer.extend import changed_words, extend_tokenizer
from pretrain.tokenizer.train import compare_tokenizers

DEFAULT = Path(__file__).resolve().parents[2] / "checkpoints" / "SmolLM2-135M-Instruct"
PART_LINES = 1000


def parts(source: str, kept: bool, limit: int) -> Iterator[str]:
    """The kept or the other parts of a source, up to `limit` characters."""
    given = 0
    for item in documents(source):
        if not isinstance(item, Document):
            continue
        lines = item.text.splitlines(keepends=True)
        for start in range(0, len(lines), PART_LINES):
            text = "".join(lines[start : start + PART_LINES])
            # By content, so that a text that stands in the source twice is on one side only.
            if (zlib.crc32(text.encode()) % 10 == 0) is not kept:
                continue
            yield text
            given += len(text)
            if given >= limit:
                return


def whole(source: str) -> Iterator[str]:
    """Every document of a source."""
    return (item.text for item in documents(source) if isinstance(item, Document))


def main() -> None:
    """Extend, measure, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tokenizer", type=Path, default=DEFAULT, help="the tokenizer to extend")
    options.add_argument("--english", required=True, help="English text: reference and measure")
    options.add_argument("--language", action="append", required=True, metavar="NAME=TEXT")
    options.add_argument("--new-tokens", type=int, default=8192)
    options.add_argument("--english-words", help="more English, a word list say, to refer to and not to measure on")
    options.add_argument("--no-reference", action="store_true", help="only tokens beyond ASCII")
    options.add_argument("--learn-characters", type=int, default=8_000_000, help="at most, of each language")
    options.add_argument("--english-characters", type=int, default=1_000_000, help="at least, to compare ids on")
    options.add_argument("--out", type=Path, help="keep the extended tokenizer here")
    chosen = options.parse_args()
    lists = [chosen.english_words] if chosen.english_words else []
    languages = dict(pair.split("=", 1) for pair in chosen.language)
    everything = 1 << 60
    reference = itertools.chain(parts(chosen.english, False, everything), *(whole(source) for source in lists))
    with tempfile.TemporaryDirectory() as scratch:
        out = chosen.out or Path(scratch)
        start = time.perf_counter()
        extension = extend_tokenizer(
            chosen.tokenizer,
            {name: parts(text, False, chosen.learn_characters) for name, text in languages.items()},
            chosen.new_tokens,
            out,
            english=None if chosen.no_reference else reference,
        )
        print(
            f"{len(extension.new_tokens)} new tokens ({extension.ascii_tokens} of ASCII letters alone), "
            f"{time.perf_counter() - start:.0f} s"
        )
        measured = {
            "English, of the reference": parts(chosen.english, False, chosen.english_characters),
            "English, kept": parts(chosen.english, True, chosen.english_characters),
        }
        measured |= {name: parts(text, True, everything) for name, text in languages.items()}
        print(
            "| language | characters | characters per token before | after | gain | same ids |\n|---|---|---|---|---|---|"
        )
        for row in compare_tokenizers(chosen.tokenizer, out, measured):
            print(
                f"| {row.language} | {row.characters:,} | {row.before:.2f} | {row.after:.2f} | {row.gain:+.1%} | "
                f"{'yes' if row.unchanged else 'no'} |"
            )
        kept = list(parts(chosen.english, True, everything))
        words = sum(len(text.split()) for text in kept)
        changed = changed_words(chosen.tokenizer, out, kept)
        print(
            f"all kept English ({sum(map(len, kept)):,} characters, {words:,} words): {changed.total()} words cut "
            f"differently, {len(changed)} different ones: {' '.join(word.strip() for word, _ in changed.most_common(40))}"
        )


if __name__ == "__main__":
    main()
