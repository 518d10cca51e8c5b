"""The help of every command at 80 columns: examples that can be copied, words for values, groups; and no option given twice."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli import app
from commands.shape import shown
from generators.catalog import CATALOG
from generators.options import options_of
from sandbox.inputs import UNITS, read_limits
from sandbox.report import Limits

ROOT = typer.main.get_command(app)


def commands(group: Any = ROOT, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(words, command) of every command there is."""
    for name in group.list_commands(None):
        found = group.get_command(None, name)
        if hasattr(found, "list_commands"):
            yield from commands(found, (*path, name))
        else:
            yield (*path, name), found


ALL = dict(commands())


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_argument_and_option_is_said_in_words(words: tuple[str, ...]) -> None:
    assert [parameter.name for parameter in ALL[words].params if not getattr(parameter, "help", "")] == []


def test_no_summary_of_a_command_is_cut_off() -> None:
    groups = {words[:-1] for words in ALL}
    for words in groups:
        told = CliRunner().invoke(app, [*words, "-h"], terminal_width=80)
        assert "..." not in told.stdout.partition("-h, --help")[2]


def test_the_list_of_generators_says_what_each_option_decides_in_80_columns() -> None:
    told = CliRunner().invoke(app, ["generate", "--list"])
    options = [line for line in told.stdout.splitlines() if line.startswith("  --option ")]
    assert len(options) == sum(len(options_of(entry.generator)) for entry in CATALOG.values())
    assert all(len(line) <= 80 and len(line.split(maxsplit=2)) == 3 for line in options)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_the_help_fits_80_columns_and_has_an_example_a_line_that_can_be_copied(words: tuple[str, ...]) -> None:
    told = CliRunner().invoke(app, [*words, "-h"], terminal_width=80)
    assert told.exit_code == 0
    assert all(len(line) <= 80 for line in told.stdout.splitlines())
    head, _, examples = told.stdout.partition("\nExample")
    lines = examples.splitlines()[1:]
    assert lines, "every command shows how it is used"
    whole = "\n".join(lines).replace("\\\n", " ")
    for example in whole.splitlines():
        assert example.split("=")[0].split()[0] in ("lab", "EDITOR", "LAB_SANDBOX_TOKEN"), example
        assert "|" not in example
        said = [word for word in example.split() if word not in ("...",)]
        assert [*words] == [word for word in said if "=" not in word or word.startswith("-")][1 : 1 + len(words)], (
            example
        )
    assert "<list" not in head and " range>" not in head
    for option in (word for example in whole.splitlines() for word in example.split(" -- ")[0].split()):
        if option.startswith("--") and len(option) > 2:
            assert option in head, f"{option} of an example is no option"


def test_an_option_of_vllms_server_is_refused_with_the_place_where_it_stands() -> None:
    told = CliRunner().invoke(app, ["serve", "default", "--port", "8001"])
    assert told.exit_code == 2
    said = " ".join(told.stderr.split())
    assert "No such option: --port; options of vLLM's server stand after --: lab serve default -- --port 8001" in said


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_an_option_of_which_one_counts_is_refused_where_it_stands_twice(words: tuple[str, ...]) -> None:
    for option in ALL[words].params:
        if option.param_type_name == "option" and not option.multiple and not option.is_flag:
            given = [option.opts[0], *["1"] * option.nargs]
            told = CliRunner().invoke(app, [*words, *given, *given])
            assert told.exit_code == 2
            assert f"{option.opts[0]} stands there twice, and one counts" in " ".join(told.stderr.split())


@pytest.mark.parametrize(("name", "option"), [("generate", "--list"), ("eval", "--compare")])
def test_what_does_another_thing_refuses_every_option_of_the_command_itself(name: str, option: str) -> None:
    refused = {*ALL[name,].beside[option].split(), option, "--json"}
    options = [parameter.opts for parameter in ALL[name,].params if parameter.param_type_name == "option"]
    assert [opts for opts in options if not refused & {*opts}] == []


def test_a_switch_both_on_and_off_is_refused_and_one_said_twice_is_not() -> None:
    told = CliRunner().invoke(app, ["filter", "x", "--out", "y", "--rules", "--no-rules"])
    assert told.exit_code == 2 and "--rules stands there twice" in told.stderr
    assert CliRunner().invoke(app, ["generate", "--list", "--list"]).exit_code == 0


def test_the_first_help_groups_the_commands_and_names_them_all() -> None:
    told = CliRunner().invoke(app, ["-h"]).stdout
    assert [line for line in told.splitlines() if line.startswith("Start here")]
    assert all(f"\n  {name} " in told for name in ROOT.list_commands(None))


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout.startswith("lab ")


def test_a_long_example_is_broken_where_a_shell_goes_on() -> None:
    lines = shown([f"lab x --first {'a' * 40} --second {'b' * 40}"])
    assert lines[1].endswith(" \\") and lines[2].strip().startswith("--second ")


def at_a_terminal(*words: str, **environment: str) -> str:
    """What `lab` shows somebody at a terminal."""
    ours, theirs = pty.openpty()
    told = b""
    with subprocess.Popen(
        [sys.executable, "-m", "cli", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80", **environment},
    ):
        os.close(theirs)
        try:
            while part := os.read(ours, 1 << 16):
                told += part
        except OSError:  # Linux's word for the end of a terminal
            pass
    os.close(ours)
    return told.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("words", [("filter", "-h"), ()], ids=["asked for", "for want of a command"])
def test_a_help_at_a_terminal_has_colours_and_none_where_they_are_declined(words: tuple[str, ...]) -> None:
    coloured, plain = at_a_terminal(*words, NO_COLOR=""), at_a_terminal(*words, NO_COLOR="1")
    assert "\x1b" not in plain and "\x1b[1mOptions:\x1b[0m" in coloured
    assert re.sub(r"\x1b\[\d*m", "", coloured) == plain
    assert "\x1b[36m-h, --help\x1b[0m" in coloured


def test_the_limits_that_the_help_names_are_those_of_a_run() -> None:
    help_text = " ".join(CliRunner().invoke(app, ["sandbox", "run", "--help"], env={"COLUMNS": "200"}).output.split())
    named = re.search(r"Default: (cpu_s=[^;]+);", help_text)
    assert named and read_limits(named[1].replace(" ", "")) == Limits()
    assert set(re.findall(r"(\w+)=", named[1])) == set(UNITS)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_a_switch_that_is_off_has_no_second_name(words: tuple[str, ...]) -> None:
    assert not [option.opts for option in ALL[words].params if option.secondary_opts and not option.default]
