"""Which program of an answer is judged: the last one that it gives once its thinking is over."""

import pytest

from verification.extraction import answer_and_code, code_block, spoken

F = "```"
RIGHT = "def add(a, b):\n    return a + b\n"
WRONG = "def add(a, b):\n    return a - b\n"


def block(code: str, language: str = "python", fence: str = F) -> str:
    return f"{fence}{language}\n{code.rstrip()}\n{fence}\n"


ANSWERS = {
    "what was thought is no answer": f"<think>\nFirst:\n{block(WRONG)}No.\n</think>\nHere:\n{block(RIGHT)}",
    "thinking whose opening stands in the prompt": f"First:\n{block(WRONG)}No.\n</think>\nHere:\n{block(RIGHT)}",
    "thinking under another name": f"<thinking>{block(WRONG)}</thinking>{block(RIGHT)}",
    "thinking with a fence that never closed": f"<think>\n{F}python\n{WRONG}</think>\n{block(RIGHT)}",
    "a correction": f"{block(WRONG)}Corrected:\n{block(RIGHT)}",
    "a second correction": f"{block(WRONG)}Or:\n{block(WRONG)}Corrected:\n{block(RIGHT)}",
    "a command before the program": f"Install it first:\n{block('pip install nothing', 'bash')}\n{block(RIGHT)}",
    "a command after the program": f"{block(RIGHT)}Run it:\n{block('python add.py', 'sh')}",
    "output before the program": f"It prints\n{block('3', '')}with\n{block(RIGHT)}",
    "output after the program": f"{block(RIGHT)}It prints\n{block('3', '')}",
    "output that is called so": f"{block(RIGHT, '')}It prints\n{block('3', 'output')}",
    "an example of its use": f"{block(RIGHT)}Use it so:\n{block('print(add(1, 2))')}",
    "two examples of its use": f"{block(RIGHT)}{block('add(1, 2)')}or\n{block('x = add(2, 2)')}",
    "another language beside": f"{block('int add();', 'java')}{block(RIGHT)}{block('int add();', 'cpp')}",
    "a fence in a sentence": f"I use {F} to fence the code.\n{block(RIGHT)}",
    "a fence at the end of a sentence": f"I fence it with {F}\n\n{block(RIGHT)}",
    "a sentence before the fence": f"Here is the code: {block(RIGHT)}",
    "tildes": block(RIGHT, fence="~~~"),
    "four tildes": block(RIGHT, fence="~~~~"),
    "four backticks": block(RIGHT, fence="````"),
    "four backticks around three": f"````python\n{RIGHT}````\n",
    "a space before the language": f"{F} python\n{RIGHT}{F}",
    "a title behind the language": f"{F}python title=add.py\n{RIGHT}{F}",
    "the language in capitals": block(RIGHT, "Python"),
    "the language's short name": block(RIGHT, "py"),
    "an unknown name of the language": block(RIGHT, "code"),
    "lines that end as Windows ends them": block(RIGHT).replace("\n", "\r\n"),
    "a list": "1. Write it:\n\n   " + block(RIGHT).replace("\n", "\n   "),
    "a list's own line": "1. " + block(RIGHT).replace("\n", "\n   "),
    "a deep list": "- so\n      " + block(RIGHT).replace("\n", "\n      "),
    "bare code": RIGHT,
    "bare code after thinking": f"<think>\nadd them\n</think>\n{RIGHT}",
    "bare code after thinking with a block": f"<think>\n{block(WRONG)}</think>\n\n{RIGHT}",
    "a correction that was cut": f"{block(RIGHT)}Shorter:\n{F}python\ndef add(a, b):\n    ret",
    "a closing fence with words behind it": f"{F}python\n{RIGHT}{F}That is all.\n",
    "a closing fence behind the last line": f"{F}python\n{RIGHT.rstrip()}{F}\n",
    "a closing fence that is indented": f"{F}python\n{RIGHT}  {F}\n",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=list(ANSWERS))
def test_the_program_that_the_answer_gives_in_the_end_is_judged(answer: str) -> None:
    assert code_block(answer) == RIGHT


@pytest.mark.parametrize(
    "program",
    [
        f'FENCE = "{F}"\n',
        f"FENCE = '{F}python'\nEND = '''\n{F}\n'''\n",
        f'def f():\n    """Use:\n\n    {F}\n    f()\n    {F}\n    """\n    return 1\n',
        f'"""Use:\n{F}\nf()\n{F}\n"""\n\n\ndef f():\n    return 1\n',
        f"# it's a comment\nx = '''\n{F}\n'''\n",
    ],
)
def test_a_fence_within_a_string_ends_no_program(program: str) -> None:
    assert code_block(f"So:\n{block(program)}That is all.") == program
    assert code_block(f"{block(WRONG)}Better:\n{block(program)}") == program


def test_the_language_that_is_asked_for_is_taken() -> None:
    answer = f"{block('x = 1;', 'js')}{block('x = 2', 'python')}{block('x = 3;', 'javascript')}{block('x = 4', 'ruby')}"
    assert code_block(answer, "javascript") == "x = 3;\n"
    assert code_block(answer, "python") == "x = 2\n"
    assert code_block(answer, "ruby") == "x = 4\n"
    assert code_block(answer, "php") is None
    assert code_block(block("int x;", "c++"), "cpp") == "int x;\n"


def test_an_answer_of_commands_or_of_thinking_alone_holds_no_program() -> None:
    for answer in (
        block("pip install nothing", "bash"),
        f"<think>\n{block(RIGHT)}</think>\nI cannot say.",
        f"<think>\nNot done\n{block(RIGHT)}",
        "<think>\n" + RIGHT,
        f"I use {F} to fence.",
        f"{F}python\n{F}",
    ):
        assert code_block(answer) is None, answer


def test_a_word_about_thinking_is_no_thinking() -> None:
    program = 'TAG = "</think>"\n'
    assert code_block(block(program)) == program
    assert spoken("Write `</think>` there.") == "Write `</think>` there."
    assert spoken("The <think> tag is 7.") == "The <think> tag is 7."


def test_what_is_learned_of_a_cut_answer_holds_its_program_whole() -> None:
    program = f'FENCE = """\n{F}\n"""\n'
    learned, code = answer_and_code(f"````python\n{program}````\nAnd then", cut=True)
    assert code == program
    assert code_block(learned) == program
