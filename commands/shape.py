"""How every command is shaped: examples that can be copied, words for values, and no option that is passed over.

A command is added to a `Commands`, with its `examples`. An option given twice where one counts is refused: that the last
of `--data A --data B` wins is nothing anybody means.
"""

import functools
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}
WIDTH = 80
WORDS = {"int": "N", "float": "X", "Path": "PATH", "str": "TEXT"}
"""What the type of a value holds -> the word for it in the help."""
BOLD, CYAN, PLAIN = "\x1b[1m", "\x1b[36m", "\x1b[0m"
HEADING = re.compile(r"^[A-Z][a-z -]*:", re.M)
"""`Usage:`, `Options:`; what a command says of itself is indented."""
NAME = re.compile(r"^  (-[^\s,]+(?:, -[^\s,]+)*|\S+(?=  +\S))", re.M)
"""An option with its short form, or the name of a command or an argument, which stands two spaces from its words."""


class Coloured:
    """What has a help."""

    def get_help(self, ctx: Any) -> str:
        """The help, in colour where somebody reads it at a terminal."""
        told: str = super().get_help(ctx)  # type: ignore[misc]
        if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            return told
        return NAME.sub(rf"  {CYAN}\1{PLAIN}", HEADING.sub(rf"{BOLD}\g<0>{PLAIN}", told))


class Command(Coloured, TyperCommand):
    """A command whose single options stand once, and whose examples stand one a line."""

    def __init__(
        self,
        *arguments: Any,
        needs: dict[str, str] | None = None,
        beside: dict[str, str] | None = None,
        others: str = "",
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self.needs, self.beside, self.others = needs or {}, beside or {}, others
        parameters: list[Any] = self.params  # Typer's, which say more of themselves than their base declares
        for parameter in parameters:
            if parameter.param_type_name == "option" and not parameter.metavar and not getattr(parameter, "is_flag", 0):
                kind = str(parameter.type_descriptor.annotation)
                parameter.metavar = next((word for name, word in WORDS.items() if name in kind), None)
            elif parameter.param_type_name == "argument":
                parameter.metavar = parameter.metavar or str(parameter.name).upper().removesuffix("_FILE")
                parameter.get_help_record = functools.partial(_without_type, parameter.get_help_record)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse a second value where one counts, and what would change nothing, before anything is made of it."""
        if not ctx.resilient_parsing and not {*args} & {"-h", "--help"}:
            try:
                order: list[Any] = self.make_parser(ctx).parse_args(args=list(args))[2]
            except Exception as error:  # Typer's own, without a name to import
                if self.others and type(error).__name__ == "NoSuchOption":
                    ctx.fail(f"{error.format_message()}; {self.others}")  # type: ignore[attr-defined]
                raise
            for number, parameter in enumerate(order):
                single = parameter.param_type_name == "option" and not parameter.multiple
                if single and parameter in order[:number] and not (parameter.is_flag and not parameter.secondary_opts):
                    ctx.fail(f"{parameter.opts[0]} stands there twice, and one counts; leave one out")
            self._refuse_idle(ctx, {name for parameter in order for name in parameter.opts})
        return super().parse_args(ctx, args)

    def _refuse_idle(self, ctx: Any, given: set[str]) -> None:
        for option, needed in self.needs.items():
            if option in given and not given & {*needed.split()}:
                ctx.fail(
                    f"{option} changes nothing without {' or '.join(needed.split())}; give it too, or leave {option} out"
                )
        for option, others in self.beside.items():
            if option in given and (idle := sorted(given & {*others.split()})):
                ctx.fail(f"{idle[0]} changes nothing beside {option}; leave one out")

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Arguments by their names alone."""
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The examples as they are typed, a long one over several lines."""
        if self.epilog:
            formatter.write("\n" + "\n".join(shown(self.epilog.splitlines())) + "\n")


class Group(Coloured, TyperGroup):
    """Several commands under one word."""


class Commands(typer.Typer):
    """Commands of that shape."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**{"cls": Group, **named})

    def command(  # type: ignore[override]
        self,
        *names: str,
        examples: Iterable[str] = (),
        needs: dict[str, str] | None = None,
        beside: dict[str, str] | None = None,
        others: str = "",
        **named: Any,
    ) -> Callable[..., Any]:
        """As `typer.Typer.command`, with the examples of the help. `needs` says of an option without which others it changes
        nothing, `beside` of one which others change nothing beside it; both are refused. `others` says to who gives an
        option that is none of ours where another program's stand.
        """
        made: Any = functools.partial(Command, needs=needs, beside=beside, others=others)
        return super().command(*names, cls=made, epilog="\n".join(examples) or None, **named)


def _without_type(record: Callable[[Any], Any], ctx: Any) -> Any:
    """`FILE <list[path]>` is FILE for a person: what it must be is said beside it."""
    told = record(ctx)
    return told and (re.sub(r" <.*>", "", told[0]), *told[1:])


def shown(examples: list[str]) -> list[str]:
    """Lines of at most `WIDTH` columns that can be copied into a shell."""
    lines = ["Example:" if len(examples) == 1 else "Examples:"]
    for example in examples:
        line = " "
        pieces = re.split(r" (?=-)", example)  # an option stays beside its value, where there is room
        for word in (part for piece in pieces for part in ([piece] if len(piece) < WIDTH - 10 else piece.split(" "))):
            if len(line) + len(word) + 3 > WIDTH:
                lines.append(f"{line} \\")
                line = "     "
            line += f" {word}"
        lines.append(line)
    return lines


@contextmanager
def _quoted() -> Iterator[None]:
    """A wrong usage quotes what was typed, or pasted: it is shown as `say` shows text, also where Typer prints it."""
    try:
        yield
    except Exception as error:
        # Typer's own, of which there are several, without a name to import; a help quotes nothing, and may have colour.
        if hasattr(error, "format_message") and type(error).__name__ != "NoArgsIsHelpError":
            from sandbox.visible import visible

            told = visible(error.format_message())
            error.format_message = lambda: told
        raise


def grouped(groups: dict[str, tuple[str, ...]]) -> type[TyperGroup]:
    """A group whose help lists its commands under headings; one that no heading names stands under the last."""

    class Grouped(Group):
        def make_context(self, *arguments: Any, **named: Any) -> Any:
            with _quoted():
                return super().make_context(*arguments, **named)

        def invoke(self, ctx: Any) -> Any:
            with _quoted():
                return super().invoke(ctx)

        def format_commands(self, ctx: Any, formatter: Any) -> None:
            named = {name: command for name in self.list_commands(ctx) if (command := self.get_command(ctx, name))}
            headed = {name for names in groups.values() for name in names}
            *_, last = groups
            width = formatter.width - 6 - max(map(len, named))
            for heading, names in groups.items():
                listed = [*names, *(name for name in named if name not in headed and heading == last)]
                with formatter.section(heading):
                    formatter.write_dl([(name, named[name].get_short_help_str(width)) for name in listed])

    return Grouped
