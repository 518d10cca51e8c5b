"""What the mathematics generators make of answers. The checkpoint is a script; sandbox and checks are real."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from scripted import ScriptedEngine, ScriptedStepScorer

from generators.lab import Lab
from generators.math.code import math_code
from generators.math.mistakes import mistakes
from generators.math.problems import problems
from generators.math.solutions import solutions
from generators.math.steps import steps
from generators.math.tree import tree_search
from generators.reasons import Shared
from generators.sample import Outcome
from generators.seeds import MathProblem, Skill, Text
from ledger import Ledger
from ledger.rows import Row, Status
from prompts import Library
from rows.sample import Sample
from sandbox import Sandbox, docker_problem
from verification import workers as checks

EGGS = MathProblem("eggs", "A box holds 6 eggs. How many eggs are in 5 boxes?", "30", topic="multiplication")
RIGHT = "There are 5 * 6 = 30 eggs.\nThe answer is 30."
WRONG = "There are 5 + 6 = 11 eggs.\nThe answer is 11."
needs_docker = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")


def outcome_of(
    folder: Path,
    generator: Callable[..., Awaitable[Outcome]],
    seed: object,
    answer: Callable[[str, int], str],
    sandbox: bool = False,
    step_scorer: ScriptedStepScorer | None = None,
    **options: Any,
) -> Outcome:
    async def once() -> Outcome:
        with Ledger(folder) as ledger:
            lab = Lab(ScriptedEngine(answer), ledger, Library(), step_scorer=step_scorer)
            try:
                if not sandbox:
                    return await generator(lab.attempt(0), seed, **options)
                async with Sandbox(slots=1) as box:
                    return await generator(Lab(lab.engine, ledger, Library(), box).attempt(0), seed, **options)
            finally:
                await checks.close()

    return asyncio.run(once())


def in_turn(*answers: str) -> Callable[[str, int], str]:
    return lambda _, number: answers[number % len(answers)]


def test_the_first_right_solution_is_accepted_and_the_wrong_ones_are_kept(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, solutions, EGGS, in_turn(WRONG, RIGHT, "5 * 6\nThe answer is 30.", WRONG))
    assert found.accepted
    assert found.sample.completion == RIGHT
    assert found.sample.more_completions == ("5 * 6\nThe answer is 30.",)
    assert (found.sample.rejected, found.sample.pass_rate) == (WRONG, 0.5)


def test_of_right_solutions_the_one_comes_first_whose_worst_step_the_stepwise_reward_model_likes_best(
    tmp_path: Path,
) -> None:
    plain = "5 * 6\nThe answer is 30."
    likes = {"There are 5 * 6 = 30 eggs.": 0.2, "5 * 6": 0.6, "The answer is 30.": 0.9}
    scorer = ScriptedStepScorer(lambda question, steps: [likes[step] for step in steps])
    found = outcome_of(tmp_path, solutions, EGGS, in_turn(RIGHT, plain, WRONG), step_scorer=scorer)
    assert (found.sample.completion, found.sample.more_completions) == (plain, (RIGHT,))
    assert (found.sample.score, found.sample.rejected) == (0.6, WRONG)
    assert outcome_of(tmp_path / "2", solutions, EGGS, in_turn(RIGHT, plain, WRONG)).sample.score is None


@pytest.mark.parametrize(
    ("answers", "reason"),
    [((WRONG,), "wrong_answer"), (("I do not know.",), "no_answer"), ((RIGHT.replace("30", "29"),), "wrong_answer")],
)
def test_solutions_that_miss_the_reference_are_dropped_with_the_reason(
    tmp_path: Path, answers: tuple[str, ...], reason: str
) -> None:
    found = outcome_of(tmp_path, solutions, EGGS, in_turn(*answers))
    assert (found.accepted, found.reason) == (False, reason)


@pytest.mark.parametrize(("said", "reason"), [("yes", ""), ("no", "not_verified")])
def test_without_a_reference_the_majority_and_the_checkpoints_own_check_decide(
    tmp_path: Path, said: str, reason: str
) -> None:
    unknown = MathProblem("eggs", EGGS.question)
    answers = (RIGHT, RIGHT.replace("eggs", "of them"), WRONG, RIGHT, said)
    found = outcome_of(tmp_path, solutions, unknown, in_turn(*answers))
    assert found.reason == reason
    assert found.sample.evidence["confidence"] == 0.75
    split = outcome_of(
        tmp_path / "2", solutions, unknown, in_turn(RIGHT, WRONG, "The answer is 1.", "The answer is 2.")
    )
    assert split.reason == "no_majority"


def test_an_answer_that_is_no_number_is_compared_by_meaning_in_a_worker(tmp_path: Path) -> None:
    algebra = MathProblem("a", "Expand (x+1)^2.", "x^2+2x+1")
    found = outcome_of(tmp_path, solutions, algebra, in_turn("Multiply out.\n\\boxed{(x+1)(x+1)}", "\\boxed{x^2+1}"))
    assert found.accepted, found.sample
    assert found.sample.pass_rate == 0.5
    with Ledger(tmp_path, readonly=True) as ledger:
        assert {effect.kind for effect in ledger.effects()} == {"ask", "check"}


UNCLEAR = MathProblem("unclear", "Which quadrilateral is it?", "ABCD")


@pytest.mark.parametrize(
    "answer", ["The answer is \\boxed{DCBA}.", "\\boxed{perhaps that one}", "It is \\boxed{ADCB}."]
)
def test_an_answer_that_nothing_decides_is_never_the_rejected_side(tmp_path: Path, answer: str) -> None:
    right = "It is \\boxed{ABCD}."
    beside = outcome_of(tmp_path / "1", solutions, UNCLEAR, in_turn(answer, right))
    assert (beside.accepted, beside.sample.rejected, beside.sample.more_rejected) == (True, "", ())
    alone = outcome_of(tmp_path / "2", solutions, UNCLEAR, in_turn(answer))
    assert (alone.accepted, alone.reason, Shared.undecided.negative) == (False, "undecided", False)
    assert outcome_of(tmp_path / "3", mistakes, UNCLEAR, in_turn(answer, right)).reason == "no_mistake"
    searched = outcome_of(tmp_path / "4", tree_search, UNCLEAR, in_turn(f"Look.\n{answer}", right))
    assert (searched.accepted, searched.sample.rejected) == (True, "")


def test_a_right_solution_that_closes_with_a_cue_word_is_chosen(tmp_path: Path) -> None:
    closing = f"{RIGHT} In total it was a happy day, and the result is happy."
    german = MathProblem("german", "Wie viel ist 2,5 + 1?", "3,5")
    for number, (problem, said) in enumerate(
        (
            (EGGS, closing),
            (EGGS, f"{RIGHT}\nTherefore this is it."),
            (EGGS, f"<think>\nMaybe \\boxed{{5}}? 2 + 2 = 5\n</think>\n{RIGHT}"),
            (german, "Es ist 2,5 + 1 = 3,5.\nDie Antwort ist 3,5."),
        )
    ):
        found = outcome_of(tmp_path / str(number), solutions, problem, in_turn(WRONG, said))
        assert (found.accepted, found.sample.completion, found.sample.rejected) == (True, said, WRONG)


def test_a_wrong_solution_whose_thinking_was_right_is_refused(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, solutions, EGGS, in_turn("<think>\\boxed{30}</think>The answer is 7."))
    assert (found.accepted, found.reason) == (False, "wrong_answer")


def test_a_wrong_solution_and_its_correction_become_a_dialogue(tmp_path: Path) -> None:
    corrected = f"They must be multiplied.\n{RIGHT}"
    found = outcome_of(tmp_path, mistakes, EGGS, in_turn(RIGHT, WRONG, RIGHT, RIGHT, WRONG, corrected))
    assert found.accepted
    assert [turn["role"] for turn in found.sample.messages] == ["user", "assistant", "user", "assistant"]
    assert found.sample.messages[1]["content"] == WRONG
    assert (found.sample.completion, found.sample.evidence["tries"]) == (corrected, 2)
    assert outcome_of(tmp_path / "2", mistakes, EGGS, in_turn(RIGHT)).reason == "no_mistake"
    assert outcome_of(tmp_path / "3", mistakes, EGGS, in_turn(WRONG)).reason == "not_corrected"


@pytest.mark.docker
@needs_docker
def test_text_and_program_must_agree_and_the_output_shown_is_the_true_one(tmp_path: Path) -> None:
    program = "Multiply.\n```python\nprint(5 * 6)\n```\n"
    found = outcome_of(tmp_path, math_code, EGGS, in_turn(program, "The answer is 30."), sandbox=True)
    assert found.accepted, found.sample
    assert "```output\n30\n```" in found.sample.completion
    lied = outcome_of(tmp_path / "2", math_code, EGGS, in_turn(program, "The answer is 31."), sandbox=True)
    assert (lied.reason, lied.sample.detail) == ("text_disagrees", "the text says 31, the program 30")
    wrong = outcome_of(
        tmp_path / "3", math_code, EGGS, in_turn(program.replace("*", "+"), "The answer is 11."), sandbox=True
    )
    assert wrong.reason == "wrong_answer"
    broken = outcome_of(tmp_path / "4", math_code, EGGS, in_turn("```python\nprint(5 *\n```\n"), sandbox=True)
    assert broken.reason == "parse_error"
    assert outcome_of(tmp_path / "5", math_code, EGGS, in_turn("The answer is 30."), sandbox=True).reason == "no_code"


def test_a_problem_holds_when_most_solutions_of_it_agree(tmp_path: Path) -> None:
    text = Text("t", "A box holds 6 eggs.", "shopping")
    question = "A box holds 6 eggs. How many eggs are in 5 boxes?"
    found = outcome_of(tmp_path, problems, text, in_turn(f"Problem: {question}", RIGHT, RIGHT, WRONG), votes=3)
    assert found.accepted
    assert (found.sample.problem, found.sample.answer) == (question, "30")
    for asked, reason in (("Eggs?", "no_numbers"), ("There are 5 boxes", "unfinished"), ("", "no_problem")):
        assert outcome_of(tmp_path / reason, problems, text, in_turn(asked, RIGHT), votes=2).reason == reason
    copied = Skill("s", "multiplication", examples=(question,))
    assert outcome_of(tmp_path / "c", problems, copied, in_turn(question), votes=2).reason == "copied"


def test_skills_that_an_earlier_run_solved_are_passed_over_at_no_cost(tmp_path: Path) -> None:
    async def earlier() -> None:
        with Ledger(tmp_path / "earlier") as ledger:
            for number, rate in enumerate((1.0, 0.8)):
                made = Sample(topic="multiplication", pass_rate=rate)
                await ledger.record_row(Row("math/solutions", number, Status.accepted, "", "s", made))

    asyncio.run(earlier())
    aim = str(tmp_path / "earlier")
    strong = outcome_of(tmp_path / "1", problems, Skill("s", "multiplication"), in_turn("no"), aim=aim)
    assert (strong.reason, strong.sample.detail) == ("skill_is_strong", f"pass rate 90% in {aim}")
    with Ledger(tmp_path / "1", readonly=True) as ledger:
        assert not ledger.has_effects()
    assert outcome_of(tmp_path / "2", problems, Skill("s", "ages"), in_turn("no"), aim=aim).reason == "no_numbers"


def test_each_step_is_labelled_by_what_follows_from_it(tmp_path: Path) -> None:
    solution = "One box holds 6.\nFive hold 5 + 6 = 11.\nThe answer is 11."

    def answer(prompt: str, number: int) -> str:
        if prompt.startswith("A box"):
            return solution
        return "\nThe answer is 11." if "5 + 6" in prompt else "\n5 * 6 = 30\nThe answer is 30."

    found = outcome_of(tmp_path, steps, EGGS, answer, continuations=2)
    assert found.accepted
    assert found.sample.labels == (True, False, False)
    assert found.sample.evidence["rates"] == [1.0, 0.0, 0.0]
    assert not found.sample.evidence["right"]


def test_tree_search_goes_on_from_good_steps_and_says_what_it_cost(tmp_path: Path) -> None:
    seen: list[str] = []

    def answer(prompt: str, number: int) -> str:
        seen.append(prompt)
        if "5 * 6" in prompt and number > 4:
            return "\nThe answer is 30."
        return "There are 5 * 6 eggs.\nThe answer is 29." if number % 2 else "There are 5 + 6 eggs.\nThe answer is 11."

    found = outcome_of(tmp_path, tree_search, EGGS, answer, simulations=40, width=2)
    assert found.accepted, found.sample
    assert found.sample.completion.startswith("There are 5 * 6 eggs.")
    assert found.sample.evidence["simulations"] == len(seen)
    assert outcome_of(tmp_path / "2", tree_search, EGGS, in_turn(WRONG), simulations=4).reason == "not_solved"


async def liking(lab: Lab, question: str, path: list[str]) -> float:
    return 1.0 if "*" in path[0] else 0.01


def test_a_step_scorer_steers_the_search(tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(prompt: str, number: int) -> str:
        asked.append(prompt)
        return WRONG if number % 2 else RIGHT.replace("30", "29")

    outcome_of(tmp_path, tree_search, EGGS, answer, simulations=20, width=2, scorer=f"{__name__}:liking")
    deeper = [prompt for prompt in asked if not prompt.startswith("A box")]
    assert sum("*" in prompt for prompt in deeper) > 2 * sum("+" in prompt for prompt in deeper)


def test_a_stepwise_reward_model_steers_the_search_is_recorded_and_asked_once_for_each_step(tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(prompt: str, number: int) -> str:
        asked.append(prompt)
        return WRONG if number % 2 else RIGHT.replace("30", "29")

    scorer = ScriptedStepScorer(lambda question, steps: [0.99 if "*" in step else 0.01 for step in steps])
    for _ in range(2):
        outcome_of(tmp_path, tree_search, EGGS, answer, simulations=20, width=2, step_scorer=scorer)
    deeper = [prompt for prompt in asked if not prompt.startswith("A box")]
    assert sum("*" in prompt for prompt in deeper) > 2 * sum("+" in prompt for prompt in deeper)
    assert len(set(scorer.asked)) == len(scorer.asked) >= 3, "what is in the ledger is not scored again"
    with Ledger(tmp_path, readonly=True) as ledger:
        (first, *_) = [effect for effect in ledger.effects() if effect.kind == "score"]
    assert [turn["role"] for turn in first.request["messages"]] == ["user", "assistant"]
    assert first.result == {"score": first.result["steps"][-1], "steps": first.result["steps"]}


def test_a_scorer_that_likes_nothing_much_steers_as_one_that_likes_all_more(tmp_path: Path) -> None:
    def asked_under(scale: float) -> list[str]:
        asked: list[str] = []

        def answer(prompt: str, number: int) -> str:
            asked.append(prompt)
            return WRONG if number % 2 else RIGHT.replace("30", "29")

        scorer = ScriptedStepScorer(lambda _, steps: [scale * (0.9 if "*" in step else 0.3) for step in steps])
        folder = tmp_path / str(scale)
        outcome_of(folder, tree_search, EGGS, answer, simulations=20, width=2, step_scorer=scorer)
        return asked

    assert asked_under(0.05) == asked_under(1.0)
    assert len(asked_under(0.0)) == 20, "where all is worth nothing, all is as good as any other"
