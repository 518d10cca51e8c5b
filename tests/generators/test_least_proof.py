"""A sample that passed its tests is kept where its proof is what the stage takes, and told apart where it is not."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from scripted import ScriptedEngine

from alignment.data.sets import export
from generators.attempts import Stage
from generators.drive import drive
from generators.lab import Lab
from generators.reasons import Shared
from generators.sample import Outcome, accept, reject
from generators.seeds import Problem
from ledger import Ledger, Row, Status
from prompts import Library
from recipes.part import LeastProof
from recipes.schema import Evaluate, Generate
from report.card import card
from report.run.figures import to_json
from report.run.gather import gather
from sandbox import Limits, Program, Proof, Report, Verdict
from verification.proof import proof_suffices

SEED = Problem("p", "Add.", "assert add(1, 2) == 3", "add")


class Proving:
    """Stands in for the sandbox: accepts every program whose code begins with a proof, by that proof."""

    def identity(self, language: str) -> str:
        return f"proves {language}"

    async def run(self, program: Program, *, limits: Limits | None = None) -> Report:
        word = program.code.split()[0]
        return Report(Verdict.accepted, proof=Proof(word)) if word in list(Proof) else Report(Verdict.test_failure)


def row_of(folder: Path, codes: list[str], least: Proof) -> Row:
    """The row of an attempt that runs these programs and is content with the last."""

    async def attempt(lab: Lab, seed: Problem) -> Outcome:
        reports = [await lab.run(Program(code, seed.tests)) for code in codes]
        last = {"code": codes[-1], "completion": codes[-1], "problem_id": seed.id}
        return accept(**last) if reports[-1].accepted else reject(reports[-1].verdict, **last)

    with Ledger(folder) as ledger:
        lab = Lab(ScriptedEngine(lambda *_: ""), ledger, Library(), Proving(), least_proof=least)
        asyncio.run(drive(lab, Stage("code/x", attempt, [SEED])))
        return next(iter(ledger.rows("code/x")))


@pytest.mark.parametrize("least", list(Proof))
@pytest.mark.parametrize("proof", list(Proof))
def test_an_accepted_row_has_at_least_the_proof_its_stage_takes(tmp_path: Path, proof: Proof, least: Proof) -> None:
    row = row_of(tmp_path, [f"{proof} x"], least)
    assert row.sample.proof == proof
    if proof.suffices(least):
        assert (row.status, row.reason) == (Status.accepted, "")
    else:
        assert (row.status, row.reason) == (Status.rejected, Shared.weak_proof)
        assert str(least) in row.sample.detail


def test_a_row_is_as_weak_as_the_weakest_verdict_it_rests_on(tmp_path: Path) -> None:
    assert row_of(tmp_path / "a", ["control source", "isolated answer"], Proof.control).sample.proof == "control"
    refused = row_of(tmp_path / "b", ["wrong", "isolated answer"], Proof.isolated)
    assert (refused.status, refused.sample.proof) == (Status.accepted, "isolated")


@pytest.mark.parametrize(
    ("reason", "pairs_made"),
    [(Shared.weak_proof, 0), (Verdict.untested, 0), (Shared.undecided, 0), (Verdict.test_failure, 1)],
)
def test_what_is_proved_neither_right_nor_wrong_is_no_negative_of_a_pair(
    reason: str, pairs_made: int, tmp_path: Path
) -> None:
    row = row_of(tmp_path, ["plain x"], Proof.control)

    async def add(ledger: Ledger) -> None:
        right = replace(row.sample, code="right", completion="right")
        await ledger.record_row(replace(row, attempt=2, reason=str(reason)))
        await ledger.record_row(replace(row, attempt=1, status=Status.accepted, reason="", sample=right))

    with Ledger(tmp_path) as ledger:
        asyncio.run(add(ledger))
        _, pairs = export(ledger, max_per_problem=9, pairs_per_problem=9)
        assert pairs.rows == pairs_made


def test_the_report_and_the_card_count_by_proof(tmp_path: Path) -> None:
    row_of(tmp_path, ["isolated x"], Proof.control)
    with Ledger(tmp_path, readonly=True) as ledger:
        assert to_json(gather(ledger))["stages"]["code/x"]["by_proof"] == {"isolated": 1}
        assert "proof `isolated` | 1 |" in card(ledger, "sft", 1, {}, {})


def test_recipes_name_the_proofs_there_are_and_take_a_control_by_default() -> None:
    assert list(get_args(LeastProof)) == [str(proof) for proof in Proof]
    assert Generate(generator="x").least_proof == Evaluate(problems=Path("x")).least_proof == "control"


def test_a_reward_takes_nothing_but_isolated_unless_told() -> None:
    reports = [Report(Verdict.accepted, proof=proof) for proof in Proof]
    assert [proof_suffices(report) for report in reports] == [True, False, False]
    assert [proof_suffices(report, Proof.control) for report in reports] == [True, True, False]
    assert not proof_suffices(Report(Verdict.test_failure, proof=Proof.isolated))
