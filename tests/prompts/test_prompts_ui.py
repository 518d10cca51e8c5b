"""`lab prompts ui`: who may ask, what may be saved, and the page in a real browser, from the edit to the run that uses it.

The checkpoint is a script behind a real server; the page's own server, the sandbox and the browser are real.
"""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from browsing import CHROMIUM, browser
from scripted_server import scripted_server

from generators.trials.trial import recipe_of
from generators.trials.workbench import Workbench
from ledger import Ledger
from prompts import Library
from rows.messages import Message
from sandbox import docker_problem
from sandbox.visible import visible

ROOT = Path(__file__).parents[2]
LAB = str(Path(sys.executable).with_name("lab"))
PROBLEMS = [json.loads(line) for line in (ROOT / "recipes/seeds/python-problems.jsonl").read_text().splitlines()[:40]]
HOSTILE = (
    "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script></pre>"
    "<a href=javascript:alert(1)>x</a> {{ 7 * 7 }} {% raw %} \u202egnp.exe\u3164\u2800\ufe0f\xa0\x1b[2J\U000e0100é🙂"
)
SOURCE = Library().get("code/answer").source
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: make browser")
needs_docker = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")
LOOP = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}\n"


@dataclass(frozen=True)
class Ui:
    """A running page."""

    url: str
    folder: Path

    @property
    def base(self) -> str:
        return self.url.partition("/?")[0]

    @property
    def token(self) -> str:
        return self.url.partition("token=")[2]

    def ask(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One call as the page makes it; a header given replaces the page's."""
        with httpx.Client(base_url=self.base, timeout=30, headers={"X-Lab-Token": self.token, **headers}) as client:
            return client.get(path) if body is None else client.post(path, json=body)

    def opened(self, name: str) -> str:
        return str(self.ask(f"/api/template?name={name}").json()["opened"])

    def save(self, name: str, text: str, opened: str | None = None) -> httpx.Response:
        known = self.opened(name) if opened is None else opened
        return self.ask("/api/save", {"name": name, "text": text, "opened": known})


@contextmanager
def running(folder: Path, checkpoint: str) -> Iterator[Ui]:
    own = folder / "my-prompts"
    command = [LAB, "prompts", "ui", "--prompts", str(own), "--checkpoint", checkpoint, "--json"]
    scratch = folder / "scratch"
    scratch.mkdir()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT, env={**os.environ, "TMPDIR": str(scratch)}
        )
    assert process.stdout
    try:
        line = process.stdout.readline()
        assert line, (folder / "log").read_text()
        yield Ui(json.loads(line)["url"], own)
    finally:
        process.terminate()
        process.wait(30)
    assert "Traceback" not in (folder / "log").read_text()
    folders = [path for path in scratch.iterdir() if path.is_dir() and path.name.startswith("lab-")]
    assert (process.returncode, folders) == (130, [])  # SIGTERM leaves nothing


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    """One page for the tests that ask nothing of the checkpoint: there is none at this path."""
    with running(tmp_path_factory.mktemp("ui"), "/nowhere/at/all") as page:
        yield page


def right(asked: str) -> str:
    found = next(row for row in PROBLEMS if row["prompt"] in asked)
    return f"```python\n{found['code']}```\n"


# -- who may ask ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/api/templates", "/api/template?name=code/answer", "/docs", "/nowhere"])
def test_without_the_token_every_address_answers_403(ui: Ui, path: str) -> None:
    wrong = path + ("&" if "?" in path else "?") + "token=wrong"
    for address, header in [(path, ""), (wrong, "wrong"), (wrong, ui.token[:-1]), (wrong, "é")]:
        answer = httpx.get(ui.base + address, headers={"X-Lab-Token": header.encode()})
        assert (answer.status_code, "Lab" in answer.text) == (403, False)


def test_the_tokens_address_opens_the_page_only_and_no_call(ui: Ui) -> None:
    assert httpx.get(ui.url).status_code == 200
    assert httpx.get(f"{ui.base}/api/templates?token={ui.token}").status_code == 403
    assert len(ui.token) >= 32


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1.evil.example", ""])
def test_another_host_name_is_refused_even_with_the_token(ui: Ui, host: str) -> None:
    assert ui.ask("/api/templates", Host=host).status_code == 403
    assert httpx.get(ui.url, headers={"Host": host}).status_code == 403


def test_another_pages_origin_is_refused_even_with_the_token(ui: Ui) -> None:
    body = {"name": "code/answer", "text": SOURCE, "seed": 0}
    assert ui.ask("/api/preview", body, Origin="http://evil.example").status_code == 403
    assert ui.ask("/api/preview", body, Origin="null").status_code == 403
    assert ui.ask("/api/preview", body, Origin=ui.base).status_code == 200


def test_a_body_without_length_or_past_the_limit_is_refused(ui: Ui) -> None:
    headers = {"X-Lab-Token": ui.token}
    assert httpx.post(f"{ui.base}/api/save", content=iter([b"{}"]), headers=headers).status_code == 411
    body = {"name": "code/answer", "text": "x" * (1 << 20), "seed": 0}
    assert ui.ask("/api/preview", body).status_code == 413
    assert ui.ask("/api/preview", {**body, "text": "x" * 300_000}).status_code == 422


def test_the_page_carries_all_it_needs_and_allows_nothing_else(ui: Ui) -> None:
    answer = httpx.get(ui.url)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert nonce
    assert re.findall(r"<(?:script|style)[^>]*>", answer.text) == [
        f'<style nonce="{nonce[1]}">',
        f'<script nonce="{nonce[1]}">',
    ]
    assert not re.search(r'(?:src|href)="(?!data:)|url\(|@import|\son\w+=|innerHTML|https?://', answer.text)
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert ui.token not in answer.text
    assert httpx.get(ui.url).headers["content-security-policy"] != policy


# -- what may be saved ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../evil", "code/../../evil", "/etc/evil", "code//answer", "code/", "Code/answer", "a.b", "", "x" * 121]
)
def test_a_name_that_could_lead_elsewhere_is_refused_everywhere(ui: Ui, name: str) -> None:
    for path, more in [("save", {"opened": ""}), ("preview", {"seed": 0}), ("sample", {"first": 0, "n": 1})]:
        assert ui.ask(f"/api/{path}", {"name": name, "text": SOURCE, **more}).status_code == 422
    assert ui.ask("/api/template?name=" + name.replace("/", "%2f")).status_code == 422
    assert not list(ui.folder.parent.rglob("*evil*"))


def test_a_link_that_leads_out_of_the_folder_is_not_followed(ui: Ui, tmp_path: Path) -> None:
    ui.folder.mkdir(exist_ok=True)
    (ui.folder / "linked").symlink_to(tmp_path)
    answer = ui.save("linked/template", SOURCE, "")
    assert (answer.status_code, "leads out" in answer.json()["error"]) == (422, True)
    assert not list(tmp_path.iterdir())
    (ui.folder / "linked").unlink()


def test_a_text_with_a_mistake_is_not_saved_and_the_line_is_named(ui: Ui) -> None:
    answer = ui.save("code/answer", SOURCE.replace("{{ problem }}", "{{ problm }}"))
    assert answer.status_code == 422
    assert re.search(r'code/answer\.j2:\d+: unknown variable "problm"; did you mean "problem"', answer.json()["error"])
    assert not (ui.folder / "code/answer.j2").exists()


def test_a_file_changed_by_somebody_else_meanwhile_is_not_overwritten(ui: Ui) -> None:
    opened = ui.opened("code/feedback")
    source = Library().get("code/feedback").source
    path = ui.folder / "code/feedback.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source + "\nFrom vim.")
    answer = ui.save("code/feedback", source + "\nFrom the page.", opened)
    assert (answer.status_code, "has changed since" in answer.json()["error"]) == (422, True)
    assert path.read_text().endswith("From vim.")
    path.unlink()


def test_saving_writes_a_whole_file_and_saving_the_original_takes_it_away(ui: Ui) -> None:
    text = SOURCE + "\nPlease: naïve ☃.\n"
    answer = ui.save("code/answer", text).json()
    path = ui.folder / "code/answer.j2"
    assert (path.read_text(), path.stat().st_mode & 0o777) == (text, 0o644)
    assert (answer["yours"], answer["version"]) == (True, Library([ui.folder]).get("code/answer").version)
    assert [file.name for file in path.parent.iterdir()] == ["answer.j2"]
    answer = ui.save("code/answer", SOURCE).json()
    assert (answer["yours"], answer["path"], path.exists()) == (False, None, False)


@needs_chromium
def test_on_a_phone_every_button_is_within_the_page_and_the_editor_is_soon_seen(ui: Ui, tmp_path: Path) -> None:
    with browser(tmp_path) as tab:
        tab.send("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1, mobile=True)
        tab.open(ui.url)
        tab.until("document.querySelector('#text') && !document.querySelector('#text').disabled")
        rights = tab.read("[...document.querySelectorAll('section button')].map(b => b.getBoundingClientRect().right)")
        assert max(rights) <= 380
        assert tab.read("document.querySelector('.editor').getBoundingClientRect().top") < 844


def test_a_new_template_is_saved_under_its_name(ui: Ui) -> None:
    text = "---\ndescription: d\nexample: {}\n---\n== user ==\nHello.\n"
    assert ui.save("own/hello", text, "").json()["yours"]
    assert Library([ui.folder]).render("own/hello", {}) == [{"role": "user", "content": "Hello."}]
    assert ui.ask("/api/template?name=own/nothing").status_code == 404


def test_a_broken_file_of_the_users_is_listed_and_can_be_opened(ui: Ui) -> None:
    path = ui.folder / "own/broken.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("no front matter")
    listed = {each["name"]: each for each in ui.ask("/api/templates").json()["templates"]}
    assert (listed["own/broken"]["sound"], listed["code/problem"]["sound"]) == (False, True)
    assert ui.ask("/api/template?name=own/broken").json()["text"] == "no front matter"
    path.unlink()


def test_a_loop_typed_half_way_is_stopped_and_the_page_answers_on(ui: Ui) -> None:
    body = {"name": "code/answer", "text": SOURCE + LOOP, "seed": 0}
    found: list[httpx.Response] = []
    looping = threading.Thread(target=lambda: found.append(ui.ask("/api/preview", body)))
    looping.start()
    assert ui.ask("/api/templates").status_code == 200
    looping.join()
    assert "does not end within" in found[0].json()["complaints"][0]
    assert ui.ask("/api/preview", {**body, "text": SOURCE}).json()["complaints"] == []


def test_the_preview_shows_what_the_generator_gives_the_template(ui: Ui) -> None:
    body = {"name": "code/answer", "text": SOURCE, "seed": 2}
    found = ui.ask("/api/preview", body).json()
    assert PROBLEMS[2]["prompt"] in found["messages"][0]["content"]
    assert found["values_from"] == f"seed {PROBLEMS[2]['task_id']} of python-problems.jsonl"
    assert (found["tokens"], found["version"]) == (None, Library().get("code/answer").version)
    tests = ui.ask("/api/preview", {**body, "name": "code/tests", "text": Library().get("code/tests").source}).json()
    assert tests["values_from"] == "the template's example"  # what comes before it only the checkpoint can write


def test_the_page_opens_what_the_generator_asks_first_or_else_the_users_own(tmp_path: Path) -> None:
    def opened(folder: Path, generator: str | None) -> str:
        recipe = recipe_of(None, generator, "/nowhere", None, None)
        return Workbench(recipe, folder).opened()

    assert opened(tmp_path / "none", None) == ""
    assert opened(tmp_path / "none", "math/solutions") == "math/solve"
    (tmp_path / "own").mkdir()
    (tmp_path / "own/mine.j2").write_text(SOURCE)
    assert opened(tmp_path, None) == "own/mine"
    assert opened(tmp_path, "code/rejection-sampling") == "code/answer"


# -- in the browser ---------------------------------------------------------------------------------------------------


@pytest.mark.docker
@needs_docker
@needs_chromium
def test_edit_preview_sample_save_and_the_next_run_uses_it(tmp_path: Path) -> None:
    def answer(messages: list[Message]) -> str:
        asked = messages[-1]["content"]
        return right(asked) if "Kindly" in asked else "No."

    with scripted_server(answer) as (checkpoint, asked), running(tmp_path, checkpoint) as page:
        with browser(tmp_path) as tab:
            tab.open(page.url)
            tab.click_when("[data-name='code/answer']")
            tab.until("document.querySelector('#render pre')?.textContent.includes('Write a Python function')")
            assert tab.read("document.getElementById('text').value") == SOURCE
            assert not asked

            tab.type_over("#text", SOURCE.replace("{{ problem }}", "{{ problm }}"))
            told = tab.until("document.querySelector('#complaints li')?.textContent")
            assert 'unknown variable "problm"; did you mean "problem"?' in told
            line = SOURCE.split("\n").index("{{ problem }}") + 1
            assert str(line) in tab.read("[...document.querySelectorAll('#gutter .bad')].map(e => e.textContent)")
            assert tab.read("document.getElementById('save').disabled")

            mine = SOURCE.replace("Write the solution", "Kindly write the solution")
            tab.type_over("#text", mine)
            tab.until("document.querySelector('#render pre').textContent.includes('Kindly write the solution')")
            assert PROBLEMS[0]["prompt"] in tab.read("document.querySelector('#render pre').textContent")
            assert not list(tmp_path.rglob("*.j2"))

            tab.click_when("#sample")
            tab.until("document.getElementById('yield').textContent === '4 of 4 accepted'")
            assert "def triple" in tab.read("document.getElementById('samples').textContent")
            tab.click_when("#sample")  # again: the same draft is asked anew
            tab.until("document.getElementById('sample').textContent === 'Sample again'")
            assert len(asked) == 8

            for text in (f"{mine}Once more.", mine):  # what was saved can be changed and saved again
                tab.type_over("#text", text)
                tab.click_when("#save")
                tab.until("document.getElementById('state').textContent === 'saved'", 10)
            tab.until("document.querySelector('[data-name=\"code/answer\"] .mark')?.textContent === 'yours'")
            assert tab.complaints == []
        assert (page.folder / "code/answer.j2").read_text() == mine

        out = tmp_path / "run"
        command = [LAB, "generate", "code/rejection-sampling", "--count", "2", "--out", str(out)]
        more = ["--checkpoint", checkpoint, "--prompts", str(page.folder), "--json"]
        told = subprocess.run([*command, *more], capture_output=True, text=True, check=False, cwd=ROOT)
        assert told.returncode == 0, told.stderr
        assert json.loads(told.stdout)["accepted"] == 2
    version = Library([page.folder]).get("code/answer").version
    with Ledger(out, readonly=True) as ledger:
        assert ledger.templates()[version] == mine
        assert {effect.template for effect in ledger.effects("ask")} == {version}


HELD = """const real = window.fetch;
window.asked = []; window.confirm = () => false;
window.fetch = (path, ...rest) => String(path).includes("/api/template?")
  ? (window.asked.push(path), new Promise((go) => { window.go = go; }).then(() => real(path, ...rest)))
  : real(path, ...rest);"""


@needs_chromium
def test_what_is_typed_while_another_template_is_fetched_is_not_lost(tmp_path: Path) -> None:
    with scripted_server(lambda _: "") as (checkpoint, _), running(tmp_path, checkpoint) as page:  # noqa: SIM117
        with browser(tmp_path) as tab:
            tab.open(page.url)
            tab.until("document.getElementById('name').textContent === 'code/answer'")
            tab.read(f"(() => {{ {HELD} }})()")
            tab.click_when("[data-name='code/debug']")
            tab.click_when("[data-name='code/debug']")
            tab.type_over("#text", "typed meanwhile")
            assert tab.read("window.asked.length") == 1, "the same one is asked for once"
            tab.read("window.go()")
            tab.until("opening === null")
            assert tab.read("document.getElementById('text').value") == "typed meanwhile"
            assert tab.read("document.getElementById('name').textContent") == "code/answer"


@pytest.mark.docker
@needs_docker
@needs_chromium
def test_hostile_answers_templates_and_names_appear_as_text_and_do_nothing(tmp_path: Path) -> None:
    with scripted_server(lambda _: HOSTILE) as (checkpoint, _), running(tmp_path, checkpoint) as page:  # noqa: SIM117
        with browser(tmp_path) as tab:
            tab.open(page.url)
            tab.click_when("[data-name='code/answer']")
            tab.until("document.getElementById('name').textContent === 'code/answer'")
            markup = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
            tab.type_over("#text", f"{SOURCE}{markup}{{{{ '{{{{ 7 * 7 }}}}' }}}}\n")
            tab.until(f"document.querySelector('#render pre')?.textContent.includes({json.dumps(markup)})")
            assert "{{ 7 * 7 }}" in tab.read("document.querySelector('#render pre').textContent")
            tab.click_when("#sample")
            tab.until("document.getElementById('yield').textContent === '0 of 4 accepted'")
            shown = tab.read("document.querySelector('#samples pre').textContent")
            assert shown == visible(HOSTILE)
            tab.type_over("#text", f"{SOURCE}{{{{ {markup} }}}}")
            tab.until("document.querySelector('#complaints li')?.textContent")
            assert tab.read("document.title") == "Prompts · Lab"
            assert tab.read("document.querySelectorAll('img, a, script:not([nonce])').length") == 0
            assert tab.complaints == []


@pytest.mark.docker
@needs_docker
@needs_chromium
def test_a_sampling_can_be_stopped_and_another_one_started(tmp_path: Path) -> None:
    go_on = threading.Event()

    def answer(messages: list[Message]) -> str:
        if "Kindly" not in messages[-1]["content"]:
            go_on.wait(20)
        return right(messages[-1]["content"])

    with scripted_server(answer) as (checkpoint, asked), running(tmp_path, checkpoint) as page:
        with browser(tmp_path) as tab:
            tab.open(page.url)
            tab.click_when("[data-name='code/answer']")
            tab.until("document.getElementById('name').textContent === 'code/answer'")
            tab.click_when("#sample")
            tab.until("document.getElementById('yield').textContent.startsWith('through')")
            assert tab.until("document.getElementById('sample').textContent === 'Stop'")
            while not asked:
                tab.read("1")
            tab.click_when("#sample")
            tab.until("document.getElementById('yield').textContent === 'stopped after 0'")
            tab.type_over("#text", SOURCE.replace("Write the solution", "Kindly write the solution"))
            tab.click_when("#sample")
            tab.until("document.getElementById('yield').textContent === '4 of 4 accepted'", 15)
        go_on.set()


@needs_chromium
def test_what_goes_wrong_behind_a_sampling_is_said_on_the_page(ui: Ui, tmp_path: Path) -> None:
    with browser(tmp_path) as tab:
        tab.open(ui.url)
        tab.click_when("[data-name='code/answer']")
        tab.click_when("#sample")
        said = tab.until("document.querySelector('#samples .detail')?.textContent")
        assert re.search(r"/nowhere/at/all: no such directory|Docker", said)
