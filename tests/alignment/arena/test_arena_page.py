"""The arena's page in a real browser: blind, killed and gone on with, and what it leaves is what a reward model learns from.

The checkpoints are scripts behind real servers; the page's server, the browser and the training are real.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import CHROMIUM, browser
from scripted_server import scripted_server
from small_trainings import ignore, json_lines, needs_checkpoint
from tiny_checkpoints import edit_json, tiny_checkpoint

from alignment.tokens.reading import read_rows
from alignment.trainings.reward import train_reward
from ledger import Ledger, facts
from recipes.trainings import Reward
from report.listing import look_at
from rows.messages import Message
from sandbox.visible import visible

ROOT = Path(__file__).parents[3]
LAB = str(Path(sys.executable).with_name("lab"))
HOSTILE = (
    "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> \u202egnp.exe\u3164\x1b[2J"
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: make browser")


def long_answer(messages: list[Message]) -> str:
    return f"Let me think about it at length. {messages[-1]['content']} That is my answer, and I am sure."


def short_answer(messages: list[Message]) -> str:
    return f"No. ({messages[-1]['content'][-3:]})"


def prompts_file(folder: Path, count: int) -> Path:
    rows = [{"prompt": f"Say what number {n} is.", "category": "numbers"} for n in range(count)]
    return json_lines(folder / "prompts.jsonl", rows)


@dataclass(frozen=True)
class Page:
    """A running page, and the process behind it."""

    url: str
    process: subprocess.Popen[str]

    @property
    def base(self) -> str:
        return self.url.partition("/?")[0]

    def ask(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        token = self.url.partition("token=")[2]
        with httpx.Client(
            base_url=self.base, timeout=30, verify=False, headers={"X-Lab-Token": token, **headers}
        ) as client:
            return client.get(path) if body is None else client.post(path, json=body)

    def next_pair(self) -> dict[str, Any]:
        """What the page is shown once both answers are there."""
        while not (found := self.ask("/api/next").json())["pair"]:
            assert found["drawing"] and not found["problem"], found
        return dict(found)


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[Page]:
    command = [LAB, "arena", *arguments, "--json"]
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT)
    assert process.stdout
    try:
        line = process.stdout.readline()
        assert line, (folder / "log").read_text()
        yield Page(json.loads(line)["url"], process)
    finally:
        process.terminate()
        process.wait(30)
    assert "Traceback" not in (folder / "log").read_text()


@needs_chromium
@needs_checkpoint
@pytest.mark.usefixtures("one_core")
def test_ten_comparisons_and_three_edits_outlive_a_kill_and_a_reward_model_learns_from_them(
    tiny: Path, tmp_path: Path
) -> None:
    out, file = tmp_path / "arena", prompts_file(tmp_path, 10)

    def press(tab: Any, key: str) -> None:
        for kind in ("keyDown", "keyUp"):
            tab.send("Input.dispatchKeyEvent", type=kind, key=key, text="\r" if key == "Enter" else key)

    def judge(tab: Any, number: int) -> None:
        """The longer answer is better, by a grade of its own; of three it is edited."""
        tab.until(f"document.getElementById('progress').textContent === '{number} of 10 judged'")
        tab.until(f"document.getElementById('prompt').textContent.includes('number {number} is')")
        texts = [tab.read(f"document.getElementById('{side}').textContent") for side in ("first", "second")]
        grade = number % 4
        press(tab, str(1 + grade if len(texts[0]) > len(texts[1]) else 8 - grade))
        if number in (1, 4, 8):
            tab.click_when("#edit")
            tab.type_over("#text", f"Number {number} is a number; that is what it is, and it is mended.")
            tab.click_when("#keep")
        else:
            press(tab, "Enter")
        tab.until(f"document.getElementById('progress').textContent === '{number + 1} of 10 judged'")

    with scripted_server(long_answer) as (a, asked), scripted_server(short_answer) as (b, _):
        command = (a, b, "--prompts", str(file), "--out", str(out))
        with browser(tmp_path) as tab:
            with running(tmp_path, *command) as page:
                tab.open(page.url)
                for number in range(5):
                    judge(tab, number)
                page.process.kill()
                page.process.wait(30)
                press(tab, "1")
                press(tab, "Enter")
                told = "Nothing is kept any more: the command behind this page has ended."
                tab.until(f"document.getElementById('problem').textContent.startsWith('{told}')")
                tab.complaints.clear()  # that nobody answered
            assert len(read_rows(out / "data/preference", ["prompt", "chosen", "rejected"])) == 5
            with running(tmp_path, *command) as page:
                tab.open(page.url)
                for number in range(5, 10):
                    judge(tab, number)
                assert tab.until("document.getElementById('empty').textContent").startswith("All are judged")
                tab.click_when("#finish")
                tab.until("document.getElementById('empty').textContent.startsWith('10 judged, 10 of them pairs')")
                assert page.process.wait(30) == 0
                assert page.process.stdout
                told = json.loads(page.process.stdout.read().splitlines()[-1])
            assert tab.complaints == []
        assert len(asked) == 10, "no answer is paid for twice"
    assert (told["judged"], told["rows"], told["edited"]) == (10, 10, 3)
    assert {by: (share["hits"], share["of"]) for by, share in told["wins"].items()} == {a: (10, 10), b: (0, 10)}
    assert told["wins"][a]["interval"][0] > 0.6
    grades = ("significantly better", "better", "slightly better", "marginally better")
    assert told["grades"] == {grade: {a: count} for grade, count in zip(grades, (3, 3, 2, 2), strict=True)}
    assert (look_at(out).kind, look_at(out).state, look_at(out).accepted) == ("arena", "done", 10)

    placed = read_rows(
        out / "data/preference",
        ["prompt", "chosen", "rejected"],
        optional=["edited"],
        texts=["grade", "category", "chosen_by", "rejected_by", "row"],
    )
    rows = [row for _, row in placed]
    assert sum("edited" in row for row in rows) == 3
    assert all(row["chosen"][0]["content"].startswith("Let me think") for row in rows)
    assert {(row["chosen_by"], row["rejected_by"], row["category"]) for row in rows} == {(a, b, "numbers")}
    assert "a person compared" in (out / "data/preference/README.md").read_text().lower()

    settings = Reward(lr=3e-3, batch_size=4, max_steps=30, held_out=0.2)
    result = train_reward(tiny, out / "data/preference", tmp_path / "reward", settings, on_progress=ignore)
    assert (result.dropped, result.steps) == ({}, 30)
    assert result.final_loss < 0.3 < result.losses[0][1]


def test_nothing_that_goes_to_the_page_tells_whose_an_answer_is_and_places_are_drawn_by_lot(tmp_path: Path) -> None:
    file, out = prompts_file(tmp_path, 24), tmp_path / "run"
    with (
        scripted_server(long_answer, ("alpha-one",)) as (a, _),
        scripted_server(short_answer, ("beta-two",)) as (b, _),
        running(tmp_path, f"{a}#alpha-one", f"{b}#beta-two", "--prompts", str(file), "--out", str(out)) as page,
    ):
        sent = [httpx.get(page.url)]
        places = []
        for _ in range(24):
            found = page.next_pair()
            pair = found["pair"]
            assert pair.keys() == {"number", "prompt", "answers", "said"}
            assert all(answer.keys() == {"text", "cut"} for answer in pair["answers"])
            places.append(pair["answers"][0]["text"].startswith("Let me think"))
            sent.append(page.ask("/api/next"))
            body = {"number": pair["number"], "better": "first", "grade": "better"}
            sent += [page.ask("/api/judge", body), page.ask(f"/api/pair?number={pair['number']}")]
        sent.append(page.ask("/api/finish", {}))
        assert {answer.status_code for answer in sent} == {200}
        with Ledger(out, readonly=True) as ledger:
            compared, pairs = ledger.read(facts.ARENA), ledger.all(facts.PAIR)
        assert compared
        secret = ["alpha", "beta", str(out), *compared["names"], *compared["identities"], *pairs]
        secret += [url.split(":")[2].split("/")[0] for url in (a, b)]  # the ports
        for answer in sent:
            whole = f"{answer.headers} {answer.text}".replace(page.base, "")
            assert not [word for word in secret if word in whole]
    assert 2 <= sum(places) <= 22, "by chance less than once in 20,000"
    assert [not pairs[key]["first"] for key in pairs] != [True] * 24


def test_without_the_token_from_another_host_or_with_too_long_a_body_nothing_is_answered(tmp_path: Path) -> None:
    file = json_lines(tmp_path / "ready.jsonl", [{"prompt": "Why?", "answers": {"x": "so", "y": "because"}}])
    with running(tmp_path, "--answers", str(file), "--out", str(tmp_path / "run")) as page:
        assert page.ask("/api/next", **{"X-Lab-Token": "wrong"}).status_code == 403
        assert page.ask("/api/next", Host="evil.example").status_code == 403
        body = {"number": 0, "better": "first", "grade": "better"}
        assert page.ask("/api/judge", body, Origin="http://evil.example").status_code == 403
        assert page.ask("/api/judge", {**body, "edited": "x" * (1 << 20)}).status_code == 413
        wrong = [
            {"edited": "x" * 200_001},
            {"grade": "best"},
            {"better": None},
            {"grade": "alike"},
            {"number": -1},
            {"by": "x"},
        ]
        assert {page.ask("/api/judge", {**body, **change}).status_code for change in wrong} == {422}
        assert page.ask("/api/judge", {**body, "number": 1}).status_code == 404
        assert page.ask("/api/pair?number=1").status_code == 404
        assert page.ask("/api/next").json()["judged"] == 0


@needs_chromium
def test_hostile_answers_are_text_on_a_page_that_fits_a_phone(tmp_path: Path) -> None:
    rows = [{"prompt": f"{HOSTILE} {n}", "answers": {HOSTILE: HOSTILE * 40, "y": f"{HOSTILE} {n}"}} for n in range(2)]
    file = json_lines(tmp_path / "ready.jsonl", rows)
    with (
        running(tmp_path, "--answers", str(file), "--out", str(tmp_path / "run")) as page,
        browser(tmp_path) as tab,
    ):
        tab.send("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1, mobile=True)
        tab.open(page.url)
        tab.until("!document.getElementById('pair').hidden")
        shown = [tab.read(f"document.getElementById('{side}').textContent") for side in ("first", "second")]
        assert sorted(shown) == sorted([visible(HOSTILE * 40), visible(f"{HOSTILE} 0")])
        tab.click_when("[data-side='first'][data-grade='better']")
        tab.click_when("#edit")
        tab.until("!document.getElementById('hidden-note').hidden")
        assert "⟨202E⟩" in tab.read("document.getElementById('hidden-note').textContent")
        boxes = "[...document.querySelectorAll('button, textarea, pre')].map(e => e.getBoundingClientRect())"
        assert max(tab.read(f"{boxes}.map(b => b.right)")) <= 390
        assert tab.read("document.documentElement.scrollWidth") <= 390
        tab.click_when("#keep")
        tab.until("document.getElementById('progress').textContent === '1 of 2 judged'")
        tab.click_when("#back")
        tab.until("document.querySelector('[data-side=first][aria-pressed=true]')?.dataset.grade === 'better'")
        assert tab.read("document.title") == "Arena · Lab"
        assert tab.read("document.querySelectorAll('img, a, script:not([nonce])').length") == 0
        assert tab.complaints == []


@needs_chromium
def test_of_a_long_conversation_the_question_that_is_answered_is_in_sight_and_a_grade_moves_nothing(
    tmp_path: Path,
) -> None:
    turns = [{"role": role, "content": f"{role}\n" * 9} for role in ("system", "user", "assistant")]
    row = {"messages": [*turns, {"role": "user", "content": "So why?"}], "answers": {"a": "So.", "b": "Because."}}
    file = json_lines(tmp_path / "ready.jsonl", [row])
    with (
        running(tmp_path, "--answers", str(file), "--out", str(tmp_path / "run")) as page,
        browser(tmp_path) as tab,
    ):
        tab.open(page.url)
        tab.until("!document.getElementById('pair').hidden")
        box = "document.querySelector('#prompt%s').getBoundingClientRect()"
        panel, last = box % "", box % " .message:last-child"
        assert tab.read(f"{last}.top >= {panel}.top && {last}.bottom <= {panel}.bottom + 1")
        height = "document.querySelector('footer').offsetHeight"
        before = tab.read(height)
        tab.click_when("[data-side='second'][data-grade='significantly better']")
        tab.until("document.querySelector('[aria-pressed=true]') !== null")
        assert tab.read(height) == before


HELD = """const real = window.fetch;
window.fetch = (path, ...rest) => String(path).includes("/api/next")
  ? new Promise((go) => { window.go = go; }).then(() => real(path, ...rest))
  : real(path, ...rest);"""


@needs_chromium
def test_a_look_that_comes_late_does_not_take_the_place_of_a_newer_one(tmp_path: Path) -> None:
    rows = [{"prompt": f"Question {number}", "answers": {"a": "Yes.", "b": "No."}} for number in range(2)]
    file = json_lines(tmp_path / "ready.jsonl", rows)
    with (
        running(tmp_path, "--answers", str(file), "--out", str(tmp_path / "run")) as page,
        browser(tmp_path) as tab,
    ):
        tab.open(page.url)
        tab.until("!document.getElementById('pair').hidden")
        tab.read(f"(() => {{ {HELD} }})()")
        tab.read("void look('/api/next')")  # as while answers are drawn; then somebody presses Back
        tab.read("look('/api/pair?number=1')")
        tab.read("window.go(), new Promise((done) => setTimeout(done, 300))")
        assert tab.read("state.pair.number") == 1


def test_two_samples_of_one_checkpoint_are_two_answers(tmp_path: Path) -> None:
    said = iter(f"answer {n}" for n in range(100))
    file = prompts_file(tmp_path, 2)
    with (
        scripted_server(lambda _: next(said)) as (a, asked),
        running(tmp_path, a, "--prompts", str(file), "--out", str(tmp_path / "run")) as page,
    ):
        first = page.next_pair()["pair"]
        assert first["answers"][0] != first["answers"][1]
        while page.ask("/api/next").json()["drawing"]:
            pass
        assert len(asked) == 4


@pytest.mark.parametrize("judged", [0, 1])
@pytest.mark.parametrize("finished", [False, True])
def test_an_arena_that_ends_says_that_it_keeps_a_word_only_where_one_was_said(
    judged: int, finished: bool, tmp_path: Path
) -> None:
    rows = [{"prompt": f"Why {n}?", "answers": {"a": "So.", "b": "Because."}} for n in range(2)]
    pairs = json_lines(tmp_path / "pairs.jsonl", rows)
    command = [LAB, "arena", "--answers", str(pairs), "--out", str(tmp_path / "run")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    page = Page(process.stdout.readline().removeprefix("lab: ").strip(), process)
    for _ in range(judged):
        assert page.ask("/api/judge", {"number": 0, "better": "first", "grade": "better"}).status_code == 200
    page.ask("/api/finish", {}) if finished else process.terminate()
    told = "".join(process.communicate(timeout=30))
    assert ("keeps what you said" in told) is (bool(judged) and not finished)
    assert ("the answers, of which none is judged yet" in told) is not bool(judged)
    assert ("1 judged" in told) is bool(judged)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "one of them says what is compared"),
        (["--prompts", "p.jsonl"], "one or two checkpoints answer, not 0"),
        (["a", "b", "c", "--prompts", "p.jsonl"], "one or two checkpoints answer, not 3"),
        (["a", "--prompts", "p.jsonl", "--temperature", "0"], "differ by chance alone"),
        (["a", "--answers", "p.jsonl"], "the file has the answers"),
        (["a", "--prompts", "p.jsonl", "--port", "65536"], "less than or equal to 65535"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_made(tmp_path: Path, arguments: list[str], why: str) -> None:
    environment = {**os.environ, "COLUMNS": "200"}
    told = subprocess.run(
        [LAB, "arena", *arguments], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    )
    assert (told.returncode, why in told.stderr) == (2, True), told.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_does_not_answer_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    command = [LAB, "arena", "http://127.0.0.1:9/v1", "--prompts", str(prompts_file(tmp_path, 1)), "--out", "run"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (told.returncode, "no OpenAI-compatible server answers there" in told.stderr) == (1, True), told.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["prompts.jsonl"]


def test_a_reward_model_is_told_before_the_page_opens_and_so_are_answers_of_which_none_differ(tmp_path: Path) -> None:
    scorer = tiny_checkpoint(tmp_path / "scorer")
    edit_json(scorer / "config.json", architectures=["LlamaForSequenceClassification"])
    rows = [{"prompt": "Why?", "answers": {"a": "So.", "b": "So."}}, {"prompt": "How?", "answers": {"a": "", "b": "x"}}]
    same = tmp_path / "same.jsonl"
    same.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for arguments, why in (
        ([str(scorer), "--prompts", str(prompts_file(tmp_path, 1))], "a reward model, which scores answers"),
        (["--answers", str(same)], "same.jsonl: no two answers in it that could be told apart: 1 empty, 1 identical"),
    ):
        command = [LAB, "arena", *arguments, "--out", str(tmp_path / "run")]
        told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert (told.returncode, why in told.stderr) == (1, True), told.stderr
        assert not (tmp_path / "run").exists()
