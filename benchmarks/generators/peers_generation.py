"""Lab, distilabel and Curator at one and the same vLLM server: rows a minute, and what a kill -9 half way costs each.

    python -m venv DIR/distilabel && DIR/distilabel/bin/pip install "distilabel[openai]==1.5.3" requests "openai<2" "datasets<4"
    python -m venv DIR/curator && DIR/curator/bin/pip install bespokelabs-curator==0.1.31
    python benchmarks/generators/peers_generation.py --distilabel DIR/distilabel --curator DIR/curator [--rows 500] [--repeats 2]

All ask the same prompts (those of our seeds, with suffixes that make them distinct) once each, at most 64 tokens, temperature 0.8,
64 in flight, and keep every answer. Peers as their pages on resuming say: distilabel's pipeline cache is on and its batch is as large as
the concurrency; Curator uses LiteLLM's `hosted_vllm/`, its response cache, no rate limit, and keeps answers that the token limit
cut (by default it asks those again). The server caches no prefixes, so that nobody profits from whoever came before.

Then each side is killed, with every process of its group, a moment after the server has answered a share of the prompts
(`--kill-at`), and started again by the same command; one that then does nothing for a minute hangs. Requests and tokens are
counted by the server. Generated again is what it generated for both processes less what the final rows hold. A peer whose folder
is not given is left out. This file runs under the peers' Python too.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).resolve().parents[2] / "recipes" / "seeds"
IN_FLIGHT = 64
MAX_TOKENS = 64
TEMPERATURE = 0.8
STALL_S = 60
"""A side that has asked nothing and got no answer for so long hangs."""
LATEST_S = 6.0
"""Answers of one length end together; kills come up to so much later, equally late on every side."""
SUFFIXES = ("", "Be brief.", "Explain your answer.", "Think step by step.", "Write for a beginner.")
GENERATOR = '''from generators import Lab, Outcome, accept


async def answers(lab: Lab, row) -> Outcome:
    """Every answer, as it is."""
    reply = await lab.ask("answer", prompt=row.fields["prompt"])
    return accept(problem=row.fields["prompt"], messages=[*reply.messages, {"role": "assistant", "content": reply.text}])
'''
TEMPLATE = f"""---
description: The prompt itself.
inputs:
  prompt: {{type: str, description: the prompt}}
output: text
sampling: {{max_tokens: {MAX_TOKENS}, temperature: {TEMPERATURE}}}
example:
  prompt: What is 2 + 2?
---
== user ==
{{{{ prompt }}}}
"""


@dataclass(frozen=True)
class Counts:
    """What the server has done so far."""

    answered: int
    tokens: int
    running: int


@dataclass
class Run:
    """One process of a side, as the server saw it."""

    wall_s: float = 0.0
    start_s: float = 0.0
    """Up to its first request."""
    asking_s: float = 0.0
    """From its first request to its last answer."""
    in_flight: float = 0.0
    """Mean over the time of asking."""
    answered: int = 0
    tokens: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    """`id` and `tokens` of each row in the side's final data."""
    hangs: bool = False
    """Whether it was ended because it did nothing any more."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--distilabel", type=Path, help="virtual environment that has distilabel")
    parser.add_argument("--curator", type=Path, help="virtual environment that has bespokelabs-curator")
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--repeats", type=int, default=2, help="undisturbed runs of each side, alternating")
    parser.add_argument(
        "--url", help="of a server that is there already (no other load!); default: `lab serve default`"
    )
    parser.add_argument(
        "--kill-at", default="0.3,0.7", help="answered shares at which to kill; one run and resume for each"
    )
    parser.add_argument("--port", type=int, default=8037)
    parser.add_argument("--out", type=Path, default=Path("/tmp/peers"))
    parser.add_argument("--peer", nargs=4, metavar=("NAME", "URL", "MODEL", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        name, url, model, folder = options.peer
        {"distilabel": by_distilabel, "curator": by_curator}[name](url, model, Path(folder))
        return
    shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True)
    sides = ["lab", *(name for name in ("distilabel", "curator") if getattr(options, name))]
    with _server(options) as url:
        bench = Bench(url, _model(url), options)
        bench.warm_up()
        whole: dict[str, list[Run]] = {side: [] for side in sides}
        for repeat in range(options.repeats):
            for side in sides:
                run = bench.run(side, options.out / f"{side}-whole-{repeat}")
                whole[side].append(run)
                print(f"{side}: {run.wall_s:.1f} s, {len(run.rows)} rows, {run.answered} answers", flush=True)
        if options.repeats:
            _print_speed(whole, options.rows)
        for share in map(float, options.kill_at.split(",")):
            killed = {side: bench.killed(side, options.out / f"{side}-killed-{share}", share) for side in sides}
            _print_resume(killed, options.rows, share)


class Bench:
    """The server under measurement and how each side is started at it."""

    def __init__(self, url: str, model: str, options: argparse.Namespace) -> None:
        self.url = url
        self.model = model
        self.options = options
        self.prompts = make_prompts(options.rows)

    def warm_up(self) -> None:
        """A few answers that nobody counts."""
        body = {"model": self.model, "max_tokens": MAX_TOKENS, "messages": [{"role": "user", "content": "Hello!"}]}
        for _ in range(3):
            request = urllib.request.Request(
                f"{self.url}/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
            )
            urllib.request.urlopen(request, timeout=120).read()

    def run(self, side: str, folder: Path) -> Run:
        """Start a side and let it end."""
        run = self._watched(side, folder, kill_at=None)
        run.rows = [] if run.hangs else self._rows_of(side, folder)
        return run

    def killed(self, side: str, folder: Path, share: float) -> tuple[Run, Run]:
        """The run that was killed, and the one that went on."""
        late_s = random.Random(share).uniform(0, LATEST_S)
        first = self._watched(side, folder, kill_at=int(self.options.rows * share), late_s=late_s)
        print(f"{side}: killed after {first.answered} answers", flush=True)
        return first, self.run(side, folder)

    def _watched(self, side: str, folder: Path, kill_at: int | None, late_s: float = 0.0) -> Run:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "prompts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in self.prompts))
        before, started = self.counts(), time.monotonic()
        with (folder / "log").open("ab") as log:
            child = subprocess.Popen(
                self._command(side, folder),
                env=os.environ | self._environment(side, folder),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        run, last, seen = Run(), started, []
        while child.poll() is None:
            now, at = self.counts(), time.monotonic()
            run.hangs = at - last > STALL_S
            if now.running or now.answered > before.answered + run.answered:
                run.start_s = run.start_s or at - started
                last, run.answered = at, now.answered - before.answered
                seen.append(now.running)
            if run.hangs or (kill_at is not None and now.answered - before.answered >= kill_at):
                time.sleep(late_s)
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                break
            time.sleep(0.1)
        run.wall_s = time.monotonic() - started
        run.asking_s, run.in_flight = last - started - run.start_s, statistics.mean(seen or [0])
        if kill_at is None and child.returncode and not run.hangs:
            tail = (folder / "log").read_text(errors="replace")[-2000:]
            raise SystemExit(f"{side}: exit code {child.returncode}\n{tail}")
        after = self._when_idle()
        run.answered, run.tokens = after.answered - before.answered, after.tokens - before.tokens
        return run

    def _when_idle(self) -> Counts:
        """The counts once nothing runs any more: the server needs a moment to see that a client has gone."""
        for _ in range(600):
            now = self.counts()
            time.sleep(0.3)
            if not now.running and self.counts() == now:
                return now
        raise SystemExit("the server does not come to rest: somebody else uses it")

    def counts(self) -> Counts:
        """From vLLM's metrics; an answer is a request that ended by itself, not one whose client went away."""
        with urllib.request.urlopen(self.url.removesuffix("/v1") + "/metrics", timeout=60) as answer:
            lines = answer.read().decode().splitlines()

        def total(name: str) -> int:
            return int(sum(float(x.split()[-1]) for x in lines if x.startswith(name + "{") and "abort" not in x))

        waiting = total("vllm:num_requests_running") + total("vllm:num_requests_waiting")
        return Counts(total("vllm:request_success_total"), total("vllm:generation_tokens_total"), waiting)

    def _command(self, side: str, folder: Path) -> list[str]:
        if side == "lab":
            (folder / "own" / "prompts").mkdir(parents=True, exist_ok=True)
            (folder / "own" / "peer_generator.py").write_text(GENERATOR)
            (folder / "own" / "prompts" / "answer.j2").write_text(TEMPLATE)
            lab = [str(Path(sys.executable).with_name("lab")), "generate", str(folder / "own" / "peer_generator.py")]
            where = ["--seeds", str(folder / "prompts.jsonl"), "--checkpoint", self.url, "--out", str(folder / "run")]
            return [*lab, *where, "--set", f"serving.max_in_flight={IN_FLIGHT}", "--json"]
        python = getattr(self.options, side) / "bin" / "python"
        return [str(python), str(Path(__file__).resolve()), "--peer", side, self.url, self.model, str(folder)]

    def _environment(self, side: str, folder: Path) -> dict[str, str]:
        quiet = {"HF_HUB_OFFLINE": "1", "LITELLM_LOCAL_MODEL_COST_MAP": "True", "TELEMETRY_ENABLED": "0"}
        keys = {"OPENAI_API_KEY": "none", "HOSTED_VLLM_API_KEY": "none"}
        here = {"CURATOR_CACHE_DIR": str(folder / "cache"), "HF_DATASETS_CACHE": str(folder / "datasets")}
        return {} if side == "lab" else quiet | keys | here

    def _rows_of(self, side: str, folder: Path) -> list[dict[str, Any]]:
        if side != "lab":
            return [json.loads(line) for line in (folder / "rows.jsonl").read_text().splitlines()]
        from ledger import Ledger

        with Ledger(folder / "run", readonly=True) as ledger:
            tokens = {effect.key: effect.output_tokens for effect in ledger.effects("ask")}
            accepted = [row for row in ledger.rows() if row.status == "accepted"]
            return [{"id": row.seed_id, "tokens": sum(tokens[key] for key in row.effects)} for row in accepted]


def make_prompts(count: int) -> list[dict[str, str]]:
    """Distinct prompts: those of our seeds, then the same with a sentence behind."""
    prompts = []
    for name, key in (("python-problems.jsonl", "prompt"), ("math-problems.jsonl", "question")):
        prompts += [json.loads(line)[key] for line in (SEEDS / name).read_text().splitlines()]
    asked = [f"{prompt} {suffix}".strip() for suffix in SUFFIXES for prompt in prompts]
    assert len(set(asked)) == len(asked) >= count, "too few distinct prompts"
    return [{"id": str(number), "prompt": prompt} for number, prompt in enumerate(asked[:count])]


def by_distilabel(url: str, model: str, folder: Path) -> None:
    """A pipeline of two steps with its cache on, as distilabel's pages on caching and on resuming have it."""
    from distilabel.models import OpenAILLM
    from distilabel.pipeline import Pipeline
    from distilabel.steps import LoadDataFromDicts
    from distilabel.steps.tasks import TextGeneration

    rows = [json.loads(line) for line in (folder / "prompts.jsonl").read_text().splitlines()]
    data = [{"number": row["id"], "instruction": row["prompt"]} for row in rows]
    wishes = {"max_new_tokens": MAX_TOKENS, "temperature": TEMPERATURE}
    with Pipeline(name="peers", cache_dir=folder / "cache") as pipeline:
        load = LoadDataFromDicts(name="load", data=data, batch_size=IN_FLIGHT)
        llm = OpenAILLM(base_url=url, api_key="none", model=model, generation_kwargs=wishes)
        ask = TextGeneration(name="ask", llm=llm, input_batch_size=IN_FLIGHT)
        load >> ask
    found = pipeline.run(use_cache=True)["default"]["train"]
    with (folder / "rows.jsonl").open("w") as target:
        for row in found:
            if row["generation"] is not None:
                tokens = row["distilabel_metadata"]["statistics_ask"]["output_tokens"]
                target.write(json.dumps({"id": row["number"], "tokens": tokens}) + "\n")


def by_curator(url: str, model: str, folder: Path) -> None:
    """An LLM over a data set, its responses cached in CURATOR_CACHE_DIR."""
    from bespokelabs import curator
    from datasets import Dataset

    class Asker(curator.LLM):
        def prompt(self, input: dict[str, str]) -> str:
            return input["prompt"]

        def parse(self, input: dict[str, str], response: str) -> dict[str, str]:
            return {"id": input["id"], "answer": response}

    asker = Asker(
        model_name=f"hosted_vllm/{model}",
        backend="litellm",
        generation_params={"max_tokens": MAX_TOKENS, "temperature": TEMPERATURE},
        backend_params={
            "base_url": url,
            "max_concurrent_requests": IN_FLIGHT,
            "max_requests_per_minute": 1_000_000,
            "max_tokens_per_minute": 1_000_000_000,
            "invalid_finish_reasons": ["content_filter"],
        },
    )
    rows = [json.loads(line) for line in (folder / "prompts.jsonl").read_text().splitlines()]
    found = asker(Dataset.from_list(rows)).dataset
    tokens = {}
    for file in (folder / "cache").rglob("responses_*.jsonl"):
        for answer in map(json.loads, file.read_text().splitlines()):
            tokens[rows[answer["generic_request"]["original_row_idx"]]["id"]] = answer["token_usage"]["output"]
    with (folder / "rows.jsonl").open("w") as target:
        target.writelines(json.dumps({"id": row["id"], "tokens": tokens[row["id"]]}) + "\n" for row in found)


@contextlib.contextmanager
def _server(options: argparse.Namespace) -> Iterator[str]:
    if options.url:
        yield options.url.rstrip("/")
        return
    lab = str(Path(sys.executable).with_name("lab"))
    wishes = ["--port", str(options.port), "--max-num-seqs", str(IN_FLIGHT), "--max-model-len", "2048"]
    command = [lab, "serve", "default", "--", *wishes, "--no-enable-prefix-caching", "--disable-uvicorn-access-log"]
    with (options.out / "server.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    url = f"http://127.0.0.1:{options.port}"
    try:
        for _ in range(300):
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"{url}/health", timeout=5).read()
                break
            if server.poll() is not None:
                raise SystemExit(f"the server ended; see {options.out}/server.log")
            time.sleep(1)
        yield f"{url}/v1"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(20)
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _model(url: str) -> str:
    with urllib.request.urlopen(f"{url}/models", timeout=60) as answer:
        return str(json.loads(answer.read())["data"][0]["id"])


def _print_speed(whole: dict[str, list[Run]], rows: int) -> None:
    print(
        f"\n{'':<14}{'rows/min':>10}{'range':>16}{'start s':>9}{'asking s':>10}{'rows/min asking':>17}{'in flight':>11}"
    )
    for side, runs in whole.items():
        rates = [60 * rows / run.wall_s for run in runs]
        asking = statistics.median(60 * rows / max(0.1, run.asking_s) for run in runs)
        start_s, asking_s, in_flight = (
            statistics.median(getattr(run, name) for run in runs) for name in ("start_s", "asking_s", "in_flight")
        )
        said = f"{side:<14}{statistics.median(rates):>10.0f}{f'{min(rates):.0f}-{max(rates):.0f}':>16}"
        print(f"{said}{start_s:>9.1f}{asking_s:>10.1f}{asking:>17.0f}{in_flight:>11.1f}", flush=True)


def _print_resume(killed: dict[str, tuple[Run, Run]], rows: int, share: float) -> None:
    print(f"\n{f'killed at {share:.0%} of the answers':<34}" + "".join(f"{side:>16}" for side in killed))
    table: dict[str, list[str]] = {}
    for first, second in killed.values():
        held = sum(row["tokens"] for row in second.rows)
        generated = first.tokens + second.tokens
        distinct = len({row["id"] for row in second.rows})
        again, twice = first.answered + second.answered - rows, generated - held
        for name, value in (
            ("answered before the kill", first.answered),
            ("rows in the end", len(second.rows)),
            ("rows lost", "hangs" if second.hangs else rows - distinct),
            ("rows doubled", len(second.rows) - distinct),
            ("whole answers asked again", "" if second.hangs else again),
            ("tokens generated", generated),
            ("tokens generated again", "" if second.hangs else f"{twice} ({100 * twice / max(1, held):.1f}%)"),
            ("resumed run, s", f"{second.wall_s:.1f}"),
        ):
            table.setdefault(name, []).append(str(value))
    for name, values in table.items():
        print(f"{name:<34}" + "".join(f"{value:>16}" for value in values))


if __name__ == "__main__":
    main()
