"""What every row about a question of mathematics carries."""

from typing import Any

from generators.lab import Lab
from generators.seeds import MathProblem


def about(lab: Lab, problem: MathProblem) -> dict[str, Any]:
    """The payload's part that is known before anything is asked: the question, where it belongs, the prompt of the data set."""
    return {
        "problem": problem.question,
        "problem_id": problem.id,
        "topic": problem.topic,
        "difficulty": problem.difficulty,
        "prompt": lab.conversation("math/question", question=problem.question),
        "reference": problem.answer,
    }
