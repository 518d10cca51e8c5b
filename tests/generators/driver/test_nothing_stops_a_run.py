"""Whatever a seed or an answer holds, a run ends, says what it left out, and a resume neither loses nor doubles a row."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from scripted import ScriptedEngine

from generators.attempts import Stage
from generators.drive import RAISED_AT_MOST, GeneratorError, Progress, drive
from generators.lab import Lab, UnjudgedError
from generators.sample import Outcome, accept
from generators.stage import generate, stage_of
from ledger import Ledger, Status
from prompts import Library
from recipes import RecipeError
from recipes.schema import Generate
from report.why import chain, print_chain
from rows.messages import Message
from sandbox import Limits, Program, Proof, Report, SandboxError, Verdict
from serving import Completion, RequestRefusedError, Sampling
from serving.engine import Cut, Journal

LONE = "\ud800"
DEEP = "[" * 100_000
GOOD = "```python\ndef f(n):\n    return n\n```"
TESTS = {"test_list": ["assert f(1) == 1", "assert f(2) == 2"]}
BAD_ROWS: dict[str, tuple[str, str]] = {
    "prompt of a list": (json.dumps({"prompt": ["x"], **TESTS}), '"prompt" is a list, not text'),
    "tests of a number": (json.dumps({"prompt": "f(n)", "test_list": 5}), "no tests"),
    "imports of a number": (json.dumps({"prompt": "f(n)", **TESTS, "test_imports": 5}), '"test_imports"'),
    "imports of numbers": (json.dumps({"prompt": "f(n)", **TESTS, "test_imports": [5]}), '"test_imports"'),
    "setup of a list": (
        json.dumps({"prompt": "f(n)", **TESTS, "test_setup_code": ["x"]}),
        '"test_setup_code" is a list',
    ),
    "code of an object": (json.dumps({"prompt": "f(n)", **TESTS, "code": {}}), '"code" is an object'),
    "entry point of a list": (json.dumps({"prompt": "f(n)", **TESTS, "entry_point": []}), '"entry_point" is a list'),
    "id of an object": (json.dumps({"prompt": "f(n)", **TESTS, "task_id": {"a": 1}}), '"task_id" is an object'),
    "topic of a list": (json.dumps({"prompt": "f(n)", **TESTS, "topic": [1]}), '"topic" is a list'),
    "language of a list": (json.dumps({"prompt": "f(n)", **TESTS, "language": [1]}), '"language" is a list'),
    "nested": (f'{{"prompt": "f(n)", "topic": {DEEP}', "not JSON"),
    "no object": ("5", "not an object"),
}
GOOD_ROWS = [
    {"task_id": "plain", "prompt": "f(n)", **TESTS},
    {"task_id": f"id{LONE}", "prompt": f"f(n) {LONE}", **TESTS, "topic": LONE, "license": LONE},
    {"task_id": "surrogate answer", "prompt": "f(n) surrogate", **TESTS},
    {"task_id": "fault", "prompt": "f(n) fault", **TESTS},
    {"task_id": "away", "prompt": "f(n) away", **TESTS},
    {"task_id": "refused", "prompt": "f(n) refused", **TESTS},
    {"task_id": "odd", "prompt": "f(n) odd", **TESTS},
    {"task_id": "deep", "prompt": "f(n) deep", **TESTS},
    {"task_id": "nul", "prompt": "f(n) \x00", **TESTS},
]


def answer(asked: str, _: int) -> str:
    asked.encode()  # as a tokenizer or a server does
    if "odd" in asked:
        raise KeyError("what no generator foresaw")
    if "refused" in asked:
        raise RequestRefusedError("400")
    code = (
        "# fault" if "fault" in asked else "# away" if "away" in asked else f"# {LONE}" if "surrogate" in asked else ""
    )
    return GOOD.replace("return n", f"return n {code}") + (DEEP if "deep" in asked else "")


class Roomy(ScriptedEngine):
    max_model_len = 1_000_000


class SomeFault:
    """Stands in for the sandbox: fails on what holds the word, and judges the rest."""

    def __init__(self, faulty: Sequence[str] = ("# fault",)) -> None:
        self.faulty = faulty
        self.runs: Counter[str] = Counter()

    def identity(self, language: str) -> str:
        return language

    async def run(self, program: Program, *, limits: Limits | None = None) -> Report:
        json.dumps(program.code, ensure_ascii=False).encode()
        self.runs[program.code] += 1
        if "# away" in program.code:
            raise SandboxError("503")
        if any(word in program.code for word in self.faulty):
            return Report(Verdict.sandbox_fault)
        return Report(Verdict.accepted, proof=Proof.isolated)


def run(folder: Path, seeds: Path, box: SomeFault, samples: int = 2) -> Progress:
    stage, found = stage_of(
        Generate.model_validate({"generator": "code/rejection-sampling", "seeds": seeds, "samples": samples}), 4
    )
    assert len(found.items) == len(GOOD_ROWS)
    for (_, why), (_, expected) in zip(found.skipped, BAD_ROWS.values(), strict=True):
        assert expected in why
    with Ledger(folder) as ledger:
        return asyncio.run(drive(Lab(Roomy(answer), ledger, Library(), box), stage))


def statuses(folder: Path) -> Counter[tuple[Any, str]]:
    with Ledger(folder, readonly=True) as ledger:
        return Counter((row.status, row.reason) for row in ledger.rows())


def test_a_run_ends_whatever_it_meets_and_a_resume_loses_and_doubles_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seeds, folder = tmp_path / "seeds.jsonl", tmp_path / "run"
    seeds.write_text("\n".join([*map(json.dumps, GOOD_ROWS), *(row for row, _ in BAD_ROWS.values())]) + "\n")
    box = SomeFault()
    first = run(folder, seeds, box)
    assert (first.accepted, first.done) == (10, 18)
    assert first.to_dict()["left_out"] == {"sandbox_fault": 4, "refused": 2, "raised": 2}
    assert sum(statuses(folder).values()) == 18
    again = run(folder, seeds, box)
    assert (again.to_dict()["left_out"], again.done) == (first.to_dict()["left_out"], 18)
    box.faulty = ()
    mended = run(folder, seeds, box)  # each resume tries once more what the sandbox failed on
    assert (mended.accepted, mended.to_dict()["left_out"]) == (12, {"sandbox_fault": 2, "refused": 2, "raised": 2})
    assert statuses(folder) == {
        (Status.accepted, ""): 12,
        (Status.left_out, "sandbox_fault"): 2,
        (Status.left_out, "refused"): 2,
        (Status.left_out, "raised"): 2,
    }
    from commands.options import console

    with Ledger(folder, readonly=True) as ledger:
        for row in ledger.rows():
            print_chain(chain(ledger, row.id), console())
    capsys.readouterr().out.encode()


def test_a_sandbox_that_judges_nothing_ends_the_run_with_its_error(tmp_path: Path) -> None:
    async def work(box: SomeFault) -> None:
        with Ledger(tmp_path) as ledger:
            await Lab(ScriptedEngine(lambda *_: ""), ledger, Library(), box).run(Program("x = 1 # fault"))

    with pytest.raises(UnjudgedError):
        asyncio.run(work(SomeFault()))
    with pytest.raises(SandboxError) as caught:
        asyncio.run(
            work(
                SomeFault(
                    [
                        "",
                    ]
                )
            )
        )
    assert not isinstance(caught.value, UnjudgedError)


class Item:
    def __init__(self, number: int) -> None:
        self.id = str(number)


def test_a_generator_that_raises_on_every_seed_is_wrong_and_its_error_is_told(tmp_path: Path) -> None:
    async def wrong(lab: Lab, seed: Item) -> Outcome:
        raise KeyError("misspelt")

    async def no_json(lab: Lab, seed: Item) -> Outcome:
        return accept(completion="x", evidence={"n": {1} if seed.id == "0" else 1})

    async def work(generator: Any, seeds: int, name: str) -> Progress:
        with Ledger(tmp_path) as ledger:
            lab = Lab(ScriptedEngine(lambda *_: ""), ledger, Library())
            return await drive(lab, Stage(name, generator, [Item(n) for n in range(seeds)], in_flight=2))

    with pytest.raises(
        GeneratorError, match=r"test_nothing_stops_a_run.py:\d+, seed 0, attempt 0: KeyError: 'misspelt'"
    ):
        asyncio.run(work(wrong, 500, "many"))
    with Ledger(tmp_path) as ledger:
        assert len(ledger.attempts("many")) == RAISED_AT_MOST
    with pytest.raises(
        GeneratorError, match=r"test_nothing_stops_a_run.py:\d+, seed 0, attempt 0: KeyError: 'misspelt'"
    ):
        asyncio.run(work(wrong, 2, "few"))
    progress = asyncio.run(work(no_json, 3, "json"))
    assert (progress.accepted, progress.left_out) == (2, {"raised": 1})


def test_what_a_server_answers_is_sent_on_without_lone_surrogates(tmp_path: Path) -> None:
    class Strict(ScriptedEngine):
        async def complete(
            self,
            messages: Sequence[Message],
            sampling: Sampling,
            *,
            prefix: Sequence[int] = (),
            journal: Journal | None = None,
            cut: Cut | None = None,
        ) -> Completion:
            json.dumps(messages, ensure_ascii=False).encode()
            return await super().complete(messages, sampling, prefix=prefix, journal=journal, cut=cut)

    async def work() -> str:
        with Ledger(tmp_path) as ledger:
            lab = Lab(Strict(lambda *_: f"x{LONE}"), ledger, Library())
            reply = await lab.ask("code/answer", problem=LONE)
            return (await lab.ask("code/answer", problem="p", chat=[{"role": "user", "content": reply.text}])).text

    assert asyncio.run(work())


def test_a_run_goes_on_with_the_seeds_it_began_with_and_no_others(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds.jsonl"

    def generated(folder: Path, **prompt: str) -> None:
        seeds.write_text(json.dumps({"task_id": 1, "prompt": "f(n)", **TESTS, **prompt}) + "\n")
        part = Generate.model_validate({"generator": "code/rejection-sampling", "seeds": seeds, "samples": 2})

        async def work() -> None:
            with Ledger(folder) as ledger:
                lab = Lab(Roomy(answer), ledger, Library(), SomeFault())
                await generate(lab, part, 4, say=lambda _: None, watch=lambda _: None)

        asyncio.run(work())

    generated(tmp_path / "run")
    (tmp_path / "run").rename(tmp_path / "moved")
    generated(tmp_path / "moved")
    with pytest.raises(
        RecipeError, match=r"seeds\.jsonl: not the seeds that this run began with .* give another --out"
    ):
        generated(tmp_path / "moved", prompt="f(n) edited")
    assert statuses(tmp_path / "moved") == {(Status.accepted, ""): 2}
