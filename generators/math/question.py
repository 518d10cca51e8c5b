"""What every sample about a question of mathematics carries."""

from generators.lab import Lab
from generators.seeds import MathProblem
from rows.sample import Sample


def about(lab: Lab, problem: MathProblem) -> Sample:
    """What is known before anything is asked: the question, where it belongs, the prompt of the data set."""
    return Sample(
        problem=problem.question,
        problem_id=problem.id,
        topic=problem.topic,
        difficulty=problem.difficulty,
        prompt=lab.conversation("math/question", question=problem.question),
        reference=problem.answer,
    )
