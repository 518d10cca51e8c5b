"""What is read of a folder that somebody gave: its own files, and nothing that a link or a pipe leads to."""

import os
from pathlib import Path

import pytest

from alignment.errors import AlignmentError
from alignment.tokens.reading import parquet_files
from generators.seeds.found import licence_of_card
from generators.seeds.repository import MOST_OF_A_FILE, survey
from generators.seeds.source_files import snippets_of
from pretrain.data.sources import files
from pretrain.errors import PretrainError
from prompts.library import Library
from prompts.template import PromptError
from rows.places import LINK_OUT, NO_FILE, files_in, open_regular
from rows.readers import RowsError, files_of, stream

CODE = "def halve(x: int) -> int:\n    y = x + 1\n    z = y // 2\n    return z\n"


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A folder with a file, a link to it, and of each suffix a link out, a pipe and a link to nothing."""
    folder, outside = tmp_path / "given", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / "own.py").write_text(CODE)
    (folder / "same.py").symlink_to("own.py")
    (folder / "folder").symlink_to(outside, target_is_directory=True)
    for suffix in (".py", ".jsonl", ".parquet", ".j2"):
        (outside / f"secret{suffix}").write_text(CODE.replace("halve", "secret"))
        (folder / f"link{suffix}").symlink_to(outside / f"secret{suffix}")
        os.mkfifo(folder / f"pipe{suffix}")
        (folder / f"nothing{suffix}").symlink_to(folder / "absent")
    return folder


def test_files_are_those_of_the_folder_and_the_others_are_told(given: Path) -> None:
    found = files_in(given, (".py",))
    assert [path.name for path in found.files] == ["own.py", "same.py"]
    told = {path.name: why for path, why in found.left_out}
    assert told == {"link.py": LINK_OUT, "pipe.py": NO_FILE, "nothing.py": "cannot be read: No such file or directory"}


def test_functions_and_snippets_of_a_folder_hold_nothing_from_outside(given: Path) -> None:
    functions, skipped = survey(given)
    assert [function.entry_point for function in functions] == ["halve"]
    assert {place for place, _ in skipped} == {"link.py:1", "nothing.py:1", "pipe.py:1"}
    snippets = snippets_of(given)
    assert not any("secret" in snippet.code for snippet in snippets.items)
    assert LINK_OUT in snippets.complaint()


@pytest.mark.parametrize("name", ["link", "pipe", "nothing"])
@pytest.mark.parametrize(
    ("suffix", "read", "raised"),
    [
        (".jsonl", files_of, RowsError),
        (".parquet", files_of, RowsError),
        (".parquet", parquet_files, AlignmentError),
        (".py", files, PretrainError),
    ],
)
def test_a_data_set_with_a_link_out_or_a_pipe_is_refused_by_its_name(
    given: Path, name: str, suffix: str, read: object, raised: type[Exception]
) -> None:
    for path in [*given.iterdir()]:
        if path.name not in ("own.py", f"{name}{suffix}"):
            path.unlink()
    with pytest.raises(raised, match=f"{name}{suffix}: "):
        read(given)  # type: ignore[operator]


def test_a_licence_is_not_read_through_a_link_out(given: Path, tmp_path: Path) -> None:
    (tmp_path / "outside" / "README.md").write_text("license: secret\n")
    (given / "README.md").symlink_to(tmp_path / "outside" / "README.md")
    assert licence_of_card(given) == "not stated"


def test_a_pipe_is_refused_at_once_and_not_waited_for(given: Path) -> None:
    with pytest.raises(OSError, match="no file"):
        open_regular(given / "pipe.py")
    with pytest.raises(RowsError, match="no such file"):
        list(stream(given / "pipe.jsonl"))


def test_a_folder_of_templates_gives_none_through_a_link_out(given: Path) -> None:
    library = Library([given])
    assert not {"link", "pipe", "nothing"} & set(library.names())
    for name in ("link", "pipe", "../outside/secret", str(given.parent / "outside" / "secret")):
        with pytest.raises(PromptError, match="no such template"):
            library.get(name)


def test_functions_that_call_each_other_are_each_looked_at_once(tmp_path: Path) -> None:
    calls = " + ".join(f"f{number}(x)" for number in range(600))
    (tmp_path / "all.py").write_text(
        "".join(f"def f{number}(x):\n    return {calls}\n" for number in range(600))[:390_000]
    )
    (tmp_path / "ring.py").write_text(
        "".join(f"def g{number}(x):\n    return g{(number + 1) % 900}(x) + 1\n" for number in range(900))
    )
    functions, skipped = survey(tmp_path)
    assert functions == []
    whys = [why for _, why in skipped]
    assert whys.count("is too long") >= MOST_OF_A_FILE
    assert any("are not looked at" in why for why in whys)


@pytest.mark.parametrize("inside", ["+".join(["x"] * 2000), "0x" + "f" * 5000 + " + x"])
def test_a_function_too_deep_or_too_long_for_the_parser_is_left_out_alone(tmp_path: Path, inside: str) -> None:
    (tmp_path / "deep.py").write_text(f"{CODE}\n\ndef deep(x):\n    return {inside}\n")
    functions, skipped = survey(tmp_path)
    assert [function.entry_point for function in functions] == ["halve"]
    assert [place for place, _ in skipped] == ["deep.py:7"]
