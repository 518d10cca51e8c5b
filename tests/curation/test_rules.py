"""The rules on answers that must go and answers that must stay."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation import filters
from curation.drops import Drop
from rows.forms import Text, read

STORY = "The river rises in the hills, crosses the plain and meets the sea beyond the old harbour. " * 5

DROPPED = [
    ("empty", " \n\t"),
    ("emoji", "Great 🎉 work 🚀 on this ✨ task."),
    ("emoji", "Here 👍🏽 you 👍🏽 go 👍🏽"),
    ("exclaiming", "Wow! Nice! Great question! Let us see! You are amazing! It is 4."),
    ("over_apology", "I'm sorry for the confusion. I apologize for my mistake. The answer is 4."),
    ("over_apology", "My apologies! Sorry about that, here is the mended code."),
    ("refusal", "I'm sorry, but I can't help with that."),
    ("refusal", "I cannot assist with this request."),
    ("refusal", "As an AI language model, I have no opinion on colours."),
    ("refusal", "I’m unable to provide medical advice."),
    ("cut_off", "Here it is:\n```python\ndef f():\n    return"),
    ("cut_off", "```\nx = 1"),
    ("repetition", "the cat sat on the mat and " * 20),
    ("repetition", "Answer: " + "ha" * 400),
    ("template_leak", "The answer is 4.<|im_end|>"),
    ("template_leak", "[INST] Write a poem. [/INST] Roses are red."),
    ("template_leak", "== user ==\nWhat next?"),
    ("template_leak", "Dear {{ customer_name }}, welcome."),
    ("template_leak", "{% if name %}Hello{% endif %}"),
    ("template_leak", "Four.</s>"),
    ("template_leak", "Four.\n### Response:\nFive."),
    ("template_leak", "Human:\nand now?"),
]
KEPT = [
    "The answer is 4.",
    "Well done 🎉!",
    "Copyright © 2020 by the author™, see §3 → chapter ✔.",
    "Thank you! The result is 12. It follows from the second line. So we are done.",
    "I'm sorry to hear that. Rest, drink water and see a doctor if it lasts.",
    "He cannot help laughing.",
    f"The letter of 1912 lists {', '.join(f'item {n} of the house' for n in range(30))}. I cannot help you, she said.",
    "Here it is:\n```python\nprint('🎉🎉🎉🎉')\n```\nDone.",
    "```jinja\n{{ name }} {% if x %}\n```\nThis prints the name.",
    "Use `{{ name }}` to print it, and `<|im_end|>` ends a turn.",
    "The sum is $x^{{2}}$ and \\frac{{a}}{{b}}.",
    "x" * 300,
    "def f():\n    return [1, 2, 3]\n",
    "Зима. 冬は寒い。",
    "".join(random.Random(0).choices("ACGT", k=700)),
    "The river rises in the hills, crosses the plain and meets the sea beyond the old harbour. " * 2,
]


@pytest.mark.parametrize(("reason", "text"), DROPPED)
def test_an_unfit_answer_is_dropped_for_its_reason(reason: str, text: str) -> None:
    assert filters.problem_of(text) == reason


@pytest.mark.parametrize("text", KEPT)
def test_a_sound_answer_is_kept(text: str) -> None:
    assert filters.look(Text("", text)) is None


def test_an_answer_that_the_token_limit_ended_within_a_sentence_is_cut_off() -> None:
    def reason(answer: str, finish_reason: str) -> str | None:
        drop = filters.look(Text("", answer, finish_reason=finish_reason))
        return drop.reason if drop else None

    assert reason("The answer is that the", "length") == "cut_off"
    assert reason("The answer is 4.", "length") is None
    assert reason("```\nx = 1\n```", "length") is None
    assert reason("The answer is that the", "stop") is None


def test_a_prompt_may_say_what_an_answer_may_not_but_may_not_leak_a_template() -> None:
    assert filters.look(Text("I'm sorry, but I can't 🎉🎉🎉🎉 do this, help!", "Gladly.")) is None
    assert filters.look(Text("<|im_start|>user", "Gladly.")) == Drop("template_leak", "<|im_start|>")
    assert filters.look(Text("Name a prime.", "Two.", rejected="<|endoftext|>")) == Drop(
        "template_leak", "<|endoftext|>"
    )


def test_a_rejected_answer_may_be_bad() -> None:
    assert filters.look(Text("Name a prime.", "Two.", rejected="I cannot assist with this.")) is None


PROGRAM = """Here it is:

```python
def most_common(text, count):
    words = [word.strip(".,;:!?").lower() for word in text.split()]
    counted = Counter(word for word in words if word and not word.isdigit())
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [word for word, _ in ordered[:{}]]
```
"""


def dialogue(*answers: str) -> Text:
    asked = {"role": "user", "content": "Go on."}
    text = read(
        {"messages": [turn for answer in answers for turn in (asked, {"role": "assistant", "content": answer})]}
    )
    assert text
    return text


def test_a_program_that_a_dialogue_mends_is_no_loop_and_an_answer_given_again_and_again_is_one() -> None:
    assert filters.look(dialogue(*map(PROGRAM.format, ("count", "count - 1", "count + 1")))) is None
    again = filters.look(dialogue(*[STORY] * 3))
    assert again and again.reason == "repetition"
    assert filters.look(dialogue(*["Positive.", "Negative."] * 30)) is None
    within = filters.look(dialogue("Gladly.", "the cat sat on the mat and " * 20))
    assert within and within.reason == "repetition"


def test_a_refusal_in_any_answer_of_a_conversation_is_one() -> None:
    assert filters.look(dialogue(STORY, "I cannot assist with this request.")) == Drop("refusal", "I cannot assist")


def test_the_evidence_is_the_place_that_offends() -> None:
    assert filters.look(Text("", "Here you go.<|eot_id|>")) == Drop("template_leak", "<|eot_id|>")


ODD = st.text(alphabet="`{}<|>[]/=! \n\t.aI'sorry🎉\ud800\x00%#:", max_size=300)


@settings(max_examples=500)
@given(st.one_of(st.text(max_size=500), ODD), st.sampled_from(["", "stop", "length"]))
def test_no_text_breaks_the_rules(text: str, finish_reason: str) -> None:
    drop = filters.look(Text(text, text, text, finish_reason))
    assert drop is None or (drop.reason in {one.name for one in filters.FILTERS} and len(drop.evidence) < 1000)


@pytest.mark.parametrize(
    "unit", ["`", "```", "{{", "{% ", "<|", "I'm sorry", "!", "I am ", "a", "\n", "🎉", "<<SYS>", "== "]
)
def test_no_megabyte_of_anything_is_searched_over_and_over(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()  # whatever else the machine does
    filters.look(Text("", text))
    assert time.process_time() - started < 10, "a tenth of a second is usual, and a search that starts over takes hours"
