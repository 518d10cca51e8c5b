"""Rule-based cleaning (section 4.2.3): emoji, exclamations, over-apology, refusals, truncation, repetition, template leaks.

Each rule looks at a text and returns the place that offends, or "" where nothing does. Every pattern is linear in the text.
"""

import functools
import re
import zlib
from collections.abc import Callable

from rows.forms import Text

FENCE = "```"
MOST_EMOJI = 2
"""One or two may be asked for; the paper drops the *overuse*."""
FEWEST_EXCLAMATIONS = 5
"""Below that, a text of short sentences may well exclaim; above, when most sentences do, it is a tone."""
EXCLAIMED_SHARE = 0.5
MOST_APOLOGIES = 1
"""One apology can be in place, the second is a habit."""
OPENING = 300
"""Characters in which a refusal shows; later the words are usually a story's."""
LOOP_GRAM = 5
FEWEST_WORDS = 40
"""Shorter texts repeat five words only by being about one thing."""
LOOP_SHARE = 0.5
"""Of the five-word runs, those seen before. GSM8K's answers stay below 0.28; of MBXP's programs and tests, dense as they are, 0.3% exceed it."""
LONGEST_WORD = 500
"""A "word" above this is data or a loop of characters; which one, compression tells."""
LOOP_COMPRESSION = 0.05
PLAIN_SYMBOLS = frozenset("©®™↔↕↖↗↘↙↩↪▪▫▶◀◻◼☑✔✖ℹⓂ〰〽")
"""Typography that Unicode also lists as emoji: marks and arrows of ordinary technical writing."""
FIRST_EMOJI = 0x203C
"""No emoji but digits, `©` and `®` lies below: most text is done with one comparison."""

APOLOGY = re.compile(
    r"\bI\s?(?:['’]m|\sam)\s(?:so |very |really |truly |deeply |terribly )?sorry\b|\bI (?:sincerely |deeply |do )?apologi[sz]e\b"
    r"|\bmy (?:sincere |deepest )?apologies\b|\bapologies for\b|\bsorry (?:for|about) (?:the|any|my|that)\b",
    re.IGNORECASE,
)
REFUSAL = re.compile(
    r"\bI\s?(?:['’]m|\sam) (?:sorry|afraid),? (?:but )?(?:I|that)\b.{0,20}\b(?:can['’]?t|cannot|unable|not able)\b"
    r"|\bI (?:can['’]?t|cannot|won['’]?t|will not) (?:assist|help|provide|fulfil|fulfill|comply|answer|do that|create|write|generate)\b"
    r"|\bI\s?(?:['’]m|\sam) (?:unable|not able) to (?:assist|help|provide|fulfil|fulfill|comply|answer|create|write|generate)\b"
    r"|\bI must (?:decline|refuse)\b",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(r"\bas an? (?:AI|artificial intelligence)(?: language)?(?: model| assistant)?\b", re.IGNORECASE)
SPECIAL = re.compile(
    r"<\|[A-Za-z_0-9 ]{2,40}\|>|<｜[^｜\n]{2,40}｜>|\[/?INST\]|<</?SYS>>|</s>|<(?:bos|eos|pad|unk|start_of_turn|end_of_turn)>"
)
ROLE = re.compile(
    r"^(?:== (?:system|user|assistant) ==|###? ?(?:Instruction|Response|Input|Human|Assistant|User|System):?"
    r"|(?:Human|Assistant|USER|ASSISTANT|SYSTEM):)[ \t]*$",
    re.MULTILINE,
)
PLACEHOLDER = re.compile(
    r"(?<![\\^_{}\w])\{\{-?\s?[A-Za-z_][\w.]{0,60}\s?(?:\|[^{}\n]{1,60})?-?\}\}(?!\})|\{%-? ?(?:if|for|set|end|include|block|macro)\b"
)
ENDED = ('"', "'", "”", "’", ")", "]", "}", "`", "*", "$", "|", ">", ";", ":")
SENTENCE_END = (".", "!", "?", "…", "。", "！", "？")


# Words without which the patterns beside them cannot match: looking for those first makes the rules several times as fast.
APOLOGY_MARKS = ("sorry", "pologi")
REFUSAL_MARKS = (
    "can't",
    "can’t",
    "cannot",
    "cant ",
    "won't",
    "won’t",
    "wont ",
    "unable",
    "not able",
    "will not",
    "must ",
)
DISCLAIMER_MARKS = (" ai", " artificial")
SPECIAL_MARKS = ("<|", "<｜", "INST]", "SYS>>", "</s>", "<bos>", "<eos>", "<pad>", "<unk>", "_of_turn>")
PLACEHOLDER_MARKS = ("{{", "{%")
ROLE_MARKS = ("== ", "##", "Human:", "Assistant:", "USER:", "ASSISTANT:", "SYSTEM:")


def problem_of(text: str) -> str:
    """The reason to drop an answer, one word of `RULES`, or "" where no rule objects. Never raises."""
    return finding(text)[0]


def finding(text: str, finish_reason: str = "") -> tuple[str, str]:
    """(reason, the place that offends) of an answer; ("", "") where no rule objects."""
    if not text.strip():
        return "empty", ""
    prose = outside_code(text)
    if place := cut_off(text, finish_reason):
        return "cut_off", place
    for reason, rule, on_prose in RULES:
        if place := rule(prose if on_prose else text):
            return reason, place
    return "", ""


def finding_in(text: Text) -> tuple[str, str]:
    """(reason, place) for a whole row: the answer against every rule, the prompt and a rejected answer against leaks only."""
    found = finding(text.answer, text.finish_reason)
    if found[0] or not (text.prompt or text.rejected):
        return found
    for part in (text.prompt, text.rejected):
        if part and (place := template_leak(outside_code(part))):
            return "template_leak", place
    return found


def outside_code(text: str) -> str:
    """`text` without fenced blocks and code spans: a program may print what an answer may not say."""
    if "`" not in text:
        return text
    prose = "\n".join(text.split(FENCE)[::2])
    return "\n".join(" ".join(line.split("`")[::2]) for line in prose.split("\n")) if "`" in prose else prose


def emoji_overuse(text: str) -> str:
    """More than `MOST_EMOJI` emoji."""
    if text.isascii() or ord(max(text)) < FIRST_EMOJI:
        return ""
    import emoji

    if _emoji_starts().isdisjoint(text):  # `emoji_list` goes through the text in Python
        return ""
    found = [item["emoji"] for item in emoji.emoji_list(text)]
    found = [mark for mark in found if not (mark.isascii() or mark[0] in PLAIN_SYMBOLS)]
    return "".join(found)[:40] if len(found) > MOST_EMOJI else ""


@functools.cache
def _emoji_starts() -> frozenset[str]:
    import emoji

    return frozenset(key[0] for key in emoji.EMOJI_DATA if not key[0].isascii()) - PLAIN_SYMBOLS


def exclaiming(text: str) -> str:
    """At least `FEWEST_EXCLAMATIONS` sentences that end in `!`, and they are most of the sentences."""
    marks = text.count("! ") + text.count("!\n") + text.endswith("!")
    if marks < FEWEST_EXCLAMATIONS:
        return ""
    others = sum(text.count(end) for end in (". ", ".\n", "? ", "?\n")) + text.endswith((".", "?"))
    return f"{marks} of {marks + others} sentences" if marks > EXCLAIMED_SHARE * (marks + others) else ""


def over_apology(text: str) -> str:
    """More than `MOST_APOLOGIES` apologies."""
    if not _any(APOLOGY_MARKS, text.lower()):
        return ""
    found = [match[0] for match in APOLOGY.finditer(text)]
    return "; ".join(found)[:120] if len(found) > MOST_APOLOGIES else ""


def refusal(text: str) -> str:
    """A refusal in the opening, or the model speaking of itself as one."""
    opening = text[:OPENING]
    found = REFUSAL.search(opening) if _any(REFUSAL_MARKS, opening.lower()) else None
    if not found and _any(DISCLAIMER_MARKS, text.lower()):
        found = DISCLAIMER.search(text)
    return found[0] if found else ""


def cut_off(text: str, finish_reason: str = "") -> str:
    """An unclosed fence; or, where the token limit ended the answer, an end within a word or sentence."""
    fences = text.count(f"\n{FENCE}") + text.startswith(FENCE)
    if fences % 2 and text.count(FENCE) % 2:
        return "unclosed fence"
    end = text.rstrip()
    if finish_reason == "length" and not end.endswith(SENTENCE_END + ENDED):
        return f"ends at the token limit: {end[-40:]}"
    return ""


def repetition(text: str) -> str:
    """A loop: most five-word runs were said before, or one endless word that compresses to almost nothing."""
    words = text.split()
    if len(words) >= FEWEST_WORDS:
        runs = list(zip(words, words[1:], words[2:], words[3:], words[4:], strict=False))
        said_before = 1 - len(set(runs)) / len(runs)
        if said_before > LOOP_SHARE:
            return f"{said_before:.0%} of the {LOOP_GRAM}-word runs repeat; ends: {text.rstrip()[-60:]}"
    if len(text) > LONGEST_WORD and (longest := max(words, key=len, default="")) and len(longest) > LONGEST_WORD:
        data = longest.encode("utf-8", "replace")
        if len(zlib.compress(data, 1)) < LOOP_COMPRESSION * len(data):
            return f"{longest[:40]}... for {len(longest)} characters"
    return ""


def template_leak(text: str) -> str:
    """Special tokens, role marks or unfilled placeholders of a prompt template."""
    found = None
    if "<" in text or "]" in text:
        found = SPECIAL.search(text) if _any(SPECIAL_MARKS, text) else None
    if not found and "{" in text:
        found = PLACEHOLDER.search(text) if _any(PLACEHOLDER_MARKS, text) else None
    if not found and _any(ROLE_MARKS, text):
        found = ROLE.search(text)
    return found[0] if found else ""


def _any(marks: tuple[str, ...], text: str) -> bool:
    for mark in marks:  # a loop: a generator in `any` costs more than the search itself  # noqa: SIM110
        if mark in text:
            return True
    return False


RULES: tuple[tuple[str, Callable[[str], str], bool], ...] = (
    ("template_leak", template_leak, True),
    ("refusal", refusal, True),
    ("over_apology", over_apology, True),
    ("repetition", repetition, False),
    ("emoji", emoji_overuse, True),
    ("exclaiming", exclaiming, True),
)
"""(reason, rule, whether it looks at the prose only), in the order in which they are tried; before them `empty` and `cut_off`."""
