"""Why a stage has no row of an attempt: what to say of it in place of the row."""

ENDS = {
    "": "all that it was asked for has ended",
    "target": "enough rows were accepted",
    "nothing new": "nothing new came any more",
    "seeds": "its seeds were used up",
}
"""What ended a stage, by the word of its figures; a budget says itself which it was."""


def why_none(stage: str, attempt: int, last: int, stopped_by: str | None, goes_on: bool) -> str:
    """Of an attempt without a row, `last` being the last that has one; `stopped_by` is what ended the stage, or None where it has not
    ended. `goes_on` where more can be asked of it. Empty where nobody knows of the attempt.
    """
    if stopped_by is None:
        return (
            f"attempt {attempt} of {stage} was under way when the run stopped, so it is no row yet; what it asked is kept, and "
            "the run goes on with it where it is given more to do"
            if attempt < last
            else ""
        )
    if not stopped_by and attempt > last:  # it never was one of its attempts
        return ""
    end = ENDS.get(stopped_by, f"its {stopped_by.replace(': ', ' of ')} was spent")
    when = "while the attempt was under way" if attempt < last else "before the attempt was begun, or ended"
    more = "; a larger --count or budget goes on with it" if goes_on else ""
    return f"attempt {attempt} of {stage} is no row, and the run is done: {end} {when}{more}"
