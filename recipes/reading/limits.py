"""YAML that says no more than it is long, and nothing twice: text whose aliases unfold without end, that nests without end, or
that gives one key two values is refused.
"""

from pathlib import Path
from typing import Any

import yaml

LARGEST = 1 << 20
"""Bytes of a file."""
MOST_NODES = 50_000
"""Values and keys, each alias counted with all that it stands for."""
DEEPEST = 60
"""Lists and mappings within one another."""
LONGEST_NUMBER = 400
"""Characters; Python's own numbers grow with the square of theirs."""


class Limited(yaml.SafeLoader):
    """The safe loader, with limits. Raises yaml.YAMLError."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self._depth = 0
        self._nodes = 0
        self._sizes: dict[int, int] = {}
        """Node -> nodes in it, once it is whole."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next node. Raises yaml.YAMLError past a limit."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        mark, before = event.start_mark, self._nodes
        self._nodes += 1
        self._depth += 1
        if self._depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem=f"nested more than {DEEPEST} deep", problem_mark=mark)
        node = super().compose_node(parent, index)
        if isinstance(event, yaml.AliasEvent):
            if id(node) not in self._sizes:
                raise yaml.MarkedYAMLError(problem="an alias within what it stands for", problem_mark=mark)
            self._nodes += self._sizes[id(node)]
        elif node and node.tag.endswith((":int", ":float", ":timestamp")) and len(node.value) > LONGEST_NUMBER:
            raise yaml.MarkedYAMLError(problem=f"a number of {len(node.value):,} digits", problem_mark=mark)
        if self._nodes > MOST_NODES:
            raise yaml.MarkedYAMLError(problem=f"more than {MOST_NODES:,} values, aliases unfolded", problem_mark=mark)
        if isinstance(node, yaml.MappingNode) and not isinstance(event, yaml.AliasEvent):
            _refuse_twice(node)
        self._sizes.setdefault(id(node), self._nodes - before)
        self._depth -= 1
        return node


def _refuse_twice(mapping: yaml.MappingNode) -> None:
    """PyYAML takes the last of two values of one key, without a word. Raises yaml.YAMLError at the second."""
    seen: set[tuple[str, str]] = set()
    for key, _ in mapping.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        if (key.tag, key.value) in seen:
            said = f"`{key.value}` stands there twice, and one would count; leave one out"
            raise yaml.MarkedYAMLError(problem=said, problem_mark=key.start_mark)
        seen.add((key.tag, key.value))


# A table of its own: lm-format-enforcer, which vLLM brings along, makes dates text for all who share PyYAML's.
Limited.add_constructor("tag:yaml.org,2002:timestamp", Limited.construct_yaml_timestamp)  # type: ignore[type-var]


def parsed(text: str) -> Any:
    """What the text says. Raises yaml.YAMLError, with the place where it knows it."""
    if len(text) > LARGEST:
        raise yaml.YAMLError(f"longer than {LARGEST >> 10} KiB")
    try:
        return yaml.load(text, Limited)
    except (ValueError, OverflowError) as error:  # a date or a number that there is not
        raise yaml.YAMLError(str(error)) from None


def composed(text: str) -> Any:
    """The text's nodes with their places. Raises yaml.YAMLError."""
    return yaml.compose(text, Limited)


def text_of(path: Path) -> str:
    """The text of a file of settings. Raises OSError, UnicodeDecodeError; a pipe or a device is not waited for."""
    if not path.is_file():
        path.stat()
        raise OSError("a folder, a pipe or a device, no file")
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise OSError(f"larger than {LARGEST >> 10} KiB")
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
