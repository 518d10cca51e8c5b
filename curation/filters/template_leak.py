"""Special tokens, role marks or unfilled placeholders of a prompt template stand outside of code."""

import re

from curation.drops import Drop
from curation.filters.prose import holds_any, outside_code
from rows.forms import Text

SPECIAL = re.compile(
    r"<\|[A-Za-z_0-9 ]{2,40}\|>|<｜[^｜\n]{2,40}｜>|\[/?INST\]|<</?SYS>>|</s>|<(?:bos|eos|pad|unk|start_of_turn|end_of_turn)>"
)
SPECIAL_MARKS = ("<|", "<｜", "INST]", "SYS>>", "</s>", "<bos>", "<eos>", "<pad>", "<unk>", "_of_turn>")
PLACEHOLDER = re.compile(
    r"(?<![\\^_{}\w])\{\{-?\s?[A-Za-z_][\w.]{0,60}\s?(?:\|[^{}\n]{1,60})?-?\}\}(?!\})|\{%-? ?(?:if|for|set|end|include|block|macro)\b"
)
PLACEHOLDER_MARKS = ("{{", "{%")
ROLE = re.compile(
    r"^(?:== (?:system|user|assistant) ==|###? ?(?:Instruction|Response|Input|Human|Assistant|User|System):?"
    r"|(?:Human|Assistant|USER|ASSISTANT|SYSTEM):)[ \t]*$",
    re.MULTILINE,
)
ROLE_MARKS = ("== ", "##", "Human:", "Assistant:", "USER:", "ASSISTANT:", "SYSTEM:")


def look(text: Text) -> Drop | None:
    """In the answer."""
    return _leak(text.answer)


def look_at_prompt(text: Text) -> Drop | None:
    """In the prompt, or in a pair's rejected answer."""
    for part in (text.prompt, text.rejected):
        if part and (drop := _leak(part)):
            return drop
    return None


def _leak(text: str) -> Drop | None:
    text = outside_code(text)
    found = None
    if "<" in text or "]" in text:
        found = SPECIAL.search(text) if holds_any(SPECIAL_MARKS, text) else None
    if not found and "{" in text:
        found = PLACEHOLDER.search(text) if holds_any(PLACEHOLDER_MARKS, text) else None
    if not found and holds_any(ROLE_MARKS, text):
        found = ROLE.search(text)
    return Drop("template_leak", found[0]) if found else None
