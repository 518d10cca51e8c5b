"""`lab filter` from file to file: every form of row, every dropped row kept with its reason, the same output each time."""

import importlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from typer.testing import CliRunner

import cli
from curation import filters, pipeline, scanning
from curation.drops import Drop
from ledger import Ledger
from rows.forms import Text, read

ROOT = Path(__file__).parents[2]
LAB = str(Path(sys.executable).with_name("lab"))
CHECKPOINT = Path(os.environ.get("LAB_CHECKPOINT", ROOT / "checkpoints" / "SmolLM2-135M-Instruct"))
needs_checkpoint = pytest.mark.skipif(
    not CHECKPOINT.is_dir(), reason=f"no checkpoint at {CHECKPOINT}; `lab checkpoint`"
)
STORY = "The lamp at the end of the pier had been dark since autumn, and nobody in the village could say who used to light it."
ITEM = {
    "task_id": "E/1",
    "question": "A baker fills 14 trays with 12 rolls each and sells two thirds of the rolls before noon. How many are left?",
}
WITHOUT_VECTORS = ("exact", "minhash")


@contextmanager
def unwatched(step: str, total: int) -> Iterator[Callable[[int], None]]:
    yield lambda done: None


def chat(asked: str, answer: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]}


def jsonl(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def filtered(dataset: Path, out: Path, **options: Any) -> tuple[pipeline.Result, list[Any], list[Any]]:
    """(the result, the rows kept, the rows dropped)"""
    settings = pipeline.Settings(dataset, out, **{"dedup": WITHOUT_VECTORS, **options})
    return pipeline.run(settings, unwatched), table(out, "train"), table(out, "dropped")


def table(out: Path, name: str) -> list[Any]:
    return [row for file in sorted(out.glob(f"{name}-*.parquet")) for row in parquet.read_table(file).to_pylist()]


def test_conversations_kept_that_end_without_an_answer_are_counted(tmp_path: Path) -> None:
    open_end = chat("Who keeps the lamp?", STORY)
    open_end["messages"].append({"role": "user", "content": "And since when?"})
    result, kept, dropped = filtered(
        jsonl(tmp_path / "rows.jsonl", [open_end, chat("a", "Nine rolls.")]), tmp_path / "out"
    )
    assert (len(kept), len(dropped), result.unanswered) == (2, 0, 1)
    assert json.loads((tmp_path / "out" / "filter.json").read_text())["unanswered"] == 1


def test_rows_that_differ_in_the_tools_they_call_or_the_images_they_show_are_no_duplicates(tmp_path: Path) -> None:
    def calling(city: str, number: int) -> dict[str, Any]:
        function = {"name": "weather", "arguments": json.dumps({"city": city})}
        call = {"id": f"call_{number}", "type": "function", "function": function}
        turn = {"role": "assistant", "content": None, "tool_calls": [call]}
        return {"messages": [{"role": "user", "content": "How is the weather there?"}, turn]}

    def showing(image: str) -> dict[str, Any]:
        asked = [{"type": "image_url", "image_url": {"url": image}}, {"type": "text", "text": "Is that a cat?"}]
        return {"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": "Yes."}]}

    rows = [calling("Oslo", 1), calling("Bern", 2), calling("Oslo", 3), showing("a.png"), showing("b.png")]
    _, kept, dropped = filtered(jsonl(tmp_path / "rows.jsonl", rows), tmp_path / "out", dedup=("exact",))
    assert [row["source_row"] for row in kept] == [0, 1, 3, 4]
    assert [(row["source_row"], row["drop_reason"]) for row in dropped] == [(2, "exact_duplicate")]


def test_what_a_filter_kept_of_messages_in_parts_is_read_by_another(tmp_path: Path) -> None:
    picture = {"type": "image_url", "image_url": {"url": "a.png"}}
    asked = [{"role": "user", "content": [{"type": "text", "text": "What is that?"}, picture]}]
    rows = [chat("Name a prime.", "Two."), {"messages": [*asked, {"role": "assistant", "content": "A boat."}]}]
    _, first, _ = filtered(jsonl(tmp_path / "rows.jsonl", rows), tmp_path / "one")
    assert all(isinstance(row["messages"], str) for row in first)  # no one column holds texts and parts
    assert list(map(read, first)) == list(map(read, rows))
    _, again, dropped = filtered(tmp_path / "one", tmp_path / "two")
    assert (again, dropped) == (first, [])


def test_a_system_prompt_that_all_rows_share_makes_none_a_near_duplicate(tmp_path: Path) -> None:
    chance = random.Random(7)
    words = [f"word{n}" for n in range(2_000)]
    system = {"role": "system", "content": " ".join(chance.choices(words, k=400))}
    rows = [chat(" ".join(chance.choices(words, k=12)), " ".join(chance.choices(words, k=30))) for _ in range(20)]
    for row in rows:
        row["messages"].insert(0, system)
    rows.append(chat("", ""))
    rows[-1]["messages"] = [system, *rows[0]["messages"][1:]]
    again = [{**turn} for turn in rows[1]["messages"][1:]]
    rows.append({"messages": [{"role": "system", "content": "Be brief."}, *again]})
    result, kept, _ = filtered(jsonl(tmp_path / "rows.jsonl", rows), tmp_path / "out")
    assert [row["source_row"] for row in kept] == list(range(20))
    assert result.dropped == {"exact": {"exact_duplicate": 1}, "minhash": {"near_duplicate": 1}}


def test_what_is_dropped_is_kept_with_filter_reason_and_evidence(tmp_path: Path) -> None:
    rows = [
        chat("Who lit the lamp?", STORY),
        {"text": "I'm sorry, but I can't help with that."},
        chat("Who lit the lamp?", STORY.upper()),
        {"prompt": "Continue.", "completion": f"So: {ITEM['question']}"},
        "{not json",
        {"other": 1},
        chat("Who lit the lamp?", STORY + " Nobody asked."),
        {"text": "Bread needs flour, water, salt and patience."},
    ]
    evaluation = jsonl(tmp_path / "evaluation.jsonl", [ITEM])
    result, kept, dropped = filtered(
        jsonl(tmp_path / "rows.jsonl", rows), tmp_path / "out", evaluations=(evaluation,), thresholds={"minhash": 0.7}
    )
    assert [row["source_row"] for row in kept] == [0, 7]
    assert kept[0]["messages"] == rows[0]["messages"]  # type: ignore[index]
    why = {row["source_row"]: (row["drop_filter"], row["drop_reason"]) for row in dropped}
    assert why == {
        1: ("rules", "refusal"),
        2: ("exact", "exact_duplicate"),
        3: ("contamination", "task_text"),
        4: ("form", "no_row"),
        5: ("form", "unknown_form"),
        6: ("minhash", "near_duplicate"),
    }
    evidence = {row["source_row"]: row["drop_evidence"] for row in dropped}
    assert evidence[1] == "I'm sorry, but I can't"
    assert json.loads(evidence[2]) == {"duplicate_of": 0, "similarity": 1.0}
    assert json.loads(evidence[3])["item"] == "E/1"
    assert json.loads(evidence[3])["matched"].startswith("a baker fills 14 trays")
    assert json.loads(evidence[6])["duplicate_of"] == 0
    assert (result.rows, result.kept) == (8, 2)
    assert json.loads((tmp_path / "out" / "filter.json").read_text())["dropped"] == result.dropped


def test_of_two_equal_rows_the_better_rated_stays(tmp_path: Path) -> None:
    rows = [{"text": STORY, "quality": "low"}, {"text": STORY, "quality": "high", "difficulty": "hard"}]
    _, kept, dropped = filtered(jsonl(tmp_path / "rows.jsonl", rows), tmp_path / "out")
    assert [row["source_row"] for row in kept] == [1]
    assert json.loads(dropped[0]["drop_evidence"])["duplicate_of"] == 1


def test_columns_of_every_kind_come_out_as_they_went_in(tmp_path: Path) -> None:
    rows = [
        {"text": "first words of a row", "n": 1, "none": None, "deep": {"a": [1]}, "mixed": 1},
        {"text": "second text, quite another", "n": 2.5, "none": None, "deep": {"a": [2], "b": "x"}, "mixed": "one"},
        {"text": "third, with a lone \udcff surrogate", "n": 2, "big": 10**30, "mixed": [1]},
    ]
    _, kept, _ = filtered(jsonl(tmp_path / "rows.jsonl", rows), tmp_path / "out")
    assert [row["n"] for row in kept] == [1, 2.5, 2]
    deep = [row["deep"] and json.loads(row["deep"]) for row in kept]
    assert deep == [{"a": [1]}, {"a": [2], "b": "x"}, None], "with the keys that each came with"
    assert [row["mixed"] for row in kept] == ["1", '"one"', "[1]"]
    assert json.loads(kept[2]["big"]) == 10**30
    assert kept[2]["text"] == "third, with a lone ? surrogate"


def test_shards_and_files_of_a_folder_are_read_in_order_and_an_earlier_filters_drops_are_not(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for number, name in enumerate(["b.parquet", "a.parquet", "dropped-00000.parquet"]):
        rows = [{"text": f"{STORY[: 40 + 20 * number]} {name} {row}"} for row in range(3)]
        parquet.write_table(pa.Table.from_pylist(rows), data / name)
    jsonl(data / "c.jsonl", [{"text": "A line of its own."}])
    result, kept, _ = filtered(data, tmp_path / "out", dedup=("exact",))
    assert result.rows == 7
    assert [row["text"].split()[-2] for row in kept[:6]] == ["a.parquet"] * 3 + ["b.parquet"] * 3


def test_the_same_input_gives_the_same_files_and_old_shards_go(tmp_path: Path) -> None:
    chance = random.Random(3)
    rows = [{"text": " ".join(chance.choices(STORY.split(), k=12))} for _ in range(500)]
    dataset = jsonl(tmp_path / "rows.jsonl", rows)
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "train-00007.parquet").write_bytes(b"of an earlier filter")
    (tmp_path / "second" / "filter.json").write_text("{}")
    for out in ("first", "second"):
        filtered(dataset, tmp_path / out)
    names = sorted(path.name for path in (tmp_path / "first").iterdir())
    assert names == ["dropped-00000.parquet", "filter.json", "train-00000.parquet"]
    for name in names:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_on_several_cores_the_files_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    rows: list[Any] = [{"text": " ".join(chance.choices(STORY.split(), k=14)), "n": n} for n in range(5_000)]
    rows[10:20] = ["{no json"] * 10
    rows[1_000:1_010] = [{"text": f"Hm. {ITEM['question']} {n}"} for n in range(10)]
    dataset = jsonl(tmp_path / "rows.jsonl", rows)
    evaluation = jsonl(tmp_path / "evaluation.jsonl", [ITEM])
    filtered(dataset, tmp_path / "one", evaluations=(evaluation,))
    monkeypatch.setattr(scanning, "ROWS_FOR_WORKERS", 0)
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {0, 1})
    _, _, dropped = filtered(dataset, tmp_path / "two", evaluations=(evaluation,))
    assert {row["drop_filter"] for row in dropped} >= {"form", "contamination"}
    for name in ("train-00000.parquet", "dropped-00000.parquet", "filter.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_writing_into_the_data_set_itself_is_refused(tmp_path: Path) -> None:
    dataset = jsonl(tmp_path / "rows.jsonl", [{"text": STORY}])
    for source, out in ((tmp_path, tmp_path / "out"), (dataset, dataset), (tmp_path / "out" / "x", tmp_path / "out")):
        with pytest.raises(pipeline.FilterError, match="choose another folder"):
            filtered(source, out)


def test_files_that_no_filter_wrote_are_not_replaced(tmp_path: Path) -> None:
    dataset, theirs = (
        jsonl(tmp_path / "rows.jsonl", [{"text": STORY}]),
        tmp_path / "out" / "train-00000-of-00001.parquet",
    )
    theirs.parent.mkdir()
    theirs.write_bytes(b"somebody's")
    with pytest.raises(pipeline.FilterError, match="would go; choose another folder"):
        filtered(dataset, tmp_path / "out")
    assert theirs.read_bytes() == b"somebody's"


def test_what_was_kept_where_a_checkpoint_was_asked_is_a_data_set_and_no_run(tmp_path: Path) -> None:
    judged = tmp_path / "judged"
    filtered(jsonl(tmp_path / "rows.jsonl", [{"text": STORY}]), judged)
    with Ledger(judged):
        pass
    arguments = ["filter", str(judged), "--out", str(tmp_path / "again"), "--dedup", "exact"]
    told = CliRunner().invoke(cli.app, arguments)
    assert told.exit_code == 0 and "1 of 1 rows kept" in told.stdout, told.output


def test_two_filters_do_not_write_into_one_folder_at_once(tmp_path: Path) -> None:
    dataset, out = jsonl(tmp_path / "rows.jsonl", [{"text": STORY}]), tmp_path / "out"

    @contextmanager
    def another(step: str, total: int) -> Iterator[Callable[[int], None]]:
        with pytest.raises(pipeline.FilterError, match="another filter writes there"):
            filtered(dataset, out)
        yield lambda done: None

    pipeline.run(pipeline.Settings(dataset, out, dedup=WITHOUT_VECTORS), another)
    assert len(table(out, "train")) == 1
    filtered(dataset, out)


def test_a_failure_leaves_no_half_written_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = jsonl(tmp_path / "rows.jsonl", [{"text": STORY}])

    def full(*_: Any, **__: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(parquet.ParquetWriter, "write_table", full)
    with pytest.raises(OSError, match="no space"):
        filtered(dataset, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


STREAM = """
import resource, sys
from pathlib import Path
from curation import pipeline
from test_filter import unwatched
pipeline.run(pipeline.Settings(Path(sys.argv[1]), Path(sys.argv[2]), dedup=("exact", "minhash")), unwatched)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_of_twenty_thousand_rows_only_hashes_and_signatures_are_held(tmp_path: Path) -> None:
    def peak_kib(count: int) -> int:
        chance, path = random.Random(0), tmp_path / f"{count}.jsonl"
        with path.open("w") as file:
            for _ in range(count):  # about 4 kB each: held, twenty thousand of them would be over 80 MB
                digits = chance.randbytes(1800).hex()
                text = " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))
                file.write(json.dumps({"text": text}) + "\n")
        command = [sys.executable, "-c", STREAM, str(path), str(tmp_path / f"out{count}")]
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests' / 'curation'}"}
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, env=environment)
        return int(done.stdout)

    small, large = peak_kib(4_000), peak_kib(20_000)
    per_row = (large - small) * 1024 / 16_000
    # 560 bytes are hash, signature and decision; sorting the bands takes as much again for a moment.
    assert per_row < 2_000, f"{per_row:.0f} bytes a row"


def shouting(text: Text) -> Drop | None:
    return Drop("shouting", text.answer[:9]) if text.answer.isupper() else None


def test_a_filter_is_a_function_and_a_row_and_then_has_its_help_its_name_and_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import commands.filter

    row = filters.Filter("shouting", shouting, "shouts")
    monkeypatch.setattr(filters, "FILTERS", (*filters.FILTERS, row))
    dataset = jsonl(tmp_path / "rows.jsonl", [{"text": "ALL OF IT IN CAPITALS"}, {"text": STORY}])
    try:
        app = importlib.reload(commands.filter).app
        told = " ".join(CliRunner().invoke(app, ["--help"]).output.replace("│", " ").split())
        assert "exclaiming, prompt_leak, shouting" in told and "shouts" in told
        for chosen, kept in (("all", 1), ("shouting", 1), ("emoji", 2), ("none", 2)):
            out = tmp_path / chosen
            asked = [str(dataset), "--out", str(out), "--dedup", "none", "--filters", chosen, "--json"]
            done = CliRunner().invoke(app, asked)
            assert json.loads(done.stdout)["kept"] == kept, done.output
    finally:
        monkeypatch.undo()
        importlib.reload(commands.filter)
    (dropped,) = table(tmp_path / "all", "dropped")
    assert [dropped[name] for name in ("drop_filter", "drop_reason", "drop_evidence")] == [
        "rules",
        "shouting",
        "ALL OF IT",
    ]


def test_a_filter_there_is_not_is_answered_with_those_there_are(tmp_path: Path) -> None:
    dataset = jsonl(tmp_path / "rows.jsonl", [{"text": STORY}])
    for asked in ({"filters": ("emojis",)}, {"dedup": ("emojis",)}):
        with pytest.raises(pipeline.FilterError, match=r"emojis: no such .*; known: e"):
            filtered(dataset, tmp_path / "out", **asked)
    filtered(dataset, tmp_path / "out", filters=("emoji", "empty"))
    assert json.loads((tmp_path / "out" / "filter.json").read_text())["settings"]["filters"] == ["emoji", "empty"]


@needs_checkpoint
def test_the_command_line_says_what_it_did_and_speaks_json(tmp_path: Path) -> None:
    rows = [
        {"text": STORY},
        {"text": STORY.replace("nobody", "no one")},
        {"text": STORY},
        {"text": "Quite another text."},
    ]
    dataset = jsonl(tmp_path / "rows.jsonl", rows)
    arguments = ["filter", str(dataset), "--checkpoint", str(CHECKPOINT)]
    done = subprocess.run(
        [LAB, *arguments, "--out", str(tmp_path / "a"), "--json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found = json.loads(done.stdout)
    assert (found["rows"], found["kept"]) == (4, 2)
    assert sum(sum(reasons.values()) for reasons in found["dropped"].values()) == 2
    told = CliRunner().invoke(cli.app, [*arguments, "--out", str(tmp_path / "b")])
    assert told.exit_code == 0 and "2 of 4 rows kept" in told.stdout
    wrong = CliRunner().invoke(cli.app, [*arguments, "--out", str(tmp_path / "c"), "--dedup", "exat"])
    assert wrong.exit_code == 2
    assert "exat" in wrong.stderr


def test_the_libraries_threads_are_told_to_sleep_before_any_of_them_is_loaded(tmp_path: Path) -> None:
    script = f"""
import os, sys
from pathlib import Path
import commands.filter
from curation import pipeline
from rows import sources

def seen(dataset):
    print(os.environ["OMP_WAIT_POLICY"], os.environ["OPENBLAS_NUM_THREADS"], "numpy" in sys.modules)
    sys.exit()

pipeline.open_sources = seen
pipeline.run(pipeline.Settings(Path({str(tmp_path / "rows.jsonl")!r}), Path({str(tmp_path / "out")!r})), None)
"""
    unset = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "OPENBLAS_"))}
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=unset)
    assert told.stdout.split() == ["PASSIVE", "1", "False"]
