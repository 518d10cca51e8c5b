"""lm-evaluation-harness against `lab serve`, beside its own `hf` backend: scores with standard errors, wall times, equal answers.

    python benchmarks/evaluation/harness.py served hf --gsm8k GSM8K.jsonl --mbpp MBPP.jsonl --out OUT [--rows 100]

The same checkpoint, rows and number format on both sides. Four tasks, each of local rows:

    calculations    generate_until: the last step of a GSM8K solution, `48/2=`, after three examples; the first number written
    gsm8k           generate_until: the last questions of the file, zero-shot; the last number written
    gsm8k-chat      the same as a conversation (`local-chat-completions`, `--apply_chat_template` on both sides)
    which-solution  log-likelihood: which of four MBPP programs does what the sentence says

Sides and tasks (`--tasks`) may be run apart, into one OUT; the table is of what lies there. The harness has an environment of its own in
OUT/venv, over this one's packages. The server's start is timed apart.
"""

import argparse
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
HARNESS = "lm-eval[api]==0.4.13"
CONTEXT = 2048
TOGETHER = 16
"""Requests that the server has at once, and rows of a batch of the `hf` backend."""
PLAIN, CHAT = ("calculations", "gsm8k", "which-solution"), ("gsm8k-chat",)
GREEDY = {"do_sample": False, "temperature": 0.0}
NUMBER = r"(-?[0-9][0-9,]*(?:\.[0-9]+)?)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "sides", nargs="+", choices=["served", "hf", "table"], help="what to run; the table comes always"
    )
    parser.add_argument("--gsm8k", type=Path, required=True)
    parser.add_argument("--mbpp", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tasks", nargs="*", choices=[*PLAIN, *CHAT], default=[*PLAIN, *CHAT])
    parser.add_argument("--rows", type=int, default=100, help="of each task")
    parser.add_argument("--checkpoint", type=Path, default=ROOT / "checkpoints/SmolLM2-135M-Instruct")
    parser.add_argument("--dtype", default="float32")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))  # and the server with it
    out = options.out.resolve()
    _write_tasks(out / "tasks", options.gsm8k, options.mbpp, options.rows)
    for side in (side for side in options.sides if side != "table"):
        python = _harness(out / "venv")
        with _server(options.checkpoint, options.dtype, out) if side == "served" else contextlib.nullcontext("") as url:
            for door in (PLAIN, CHAT):
                if tasks := [task for task in door if task in options.tasks]:
                    _run(side, tasks, python, url, options.checkpoint.resolve(), options.dtype, out)
    _table(out)


def _write_tasks(folder: Path, gsm8k: Path, mbpp: Path, rows: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    questions = [json.loads(line) for line in gsm8k.read_text().splitlines()][-rows:]
    steps = []
    for row in questions:
        *_, (left, right) = re.findall(r"<<([^=<>]+)=([^<>]+)>>", row["answer"]) or [("1+1", "2")]
        steps.append({"left": left, "right": right})
    programs = [json.loads(line) for line in mbpp.read_text().splitlines()]
    programs = [row for row in programs if row["canonical_solution"] and int(row["task_id"].split("/")[1]) > 10]
    choices = []
    for number, row in enumerate(programs[:rows]):
        sentence = " ".join(row["prompt"].split('"""')[1].split(">>>")[0].split())
        place = number % 4
        others = [programs[(number + step) % len(programs)]["canonical_solution"] for step in (1, 2, 3)]
        solutions = [*others[:place], row["canonical_solution"], *others[place:]]
        choices.append({"sentence": sentence, "solutions": solutions, "right": place})
    last = {"function": "regex", "regex_pattern": NUMBER, "group_select": -1}
    first = {"function": "regex", "regex_pattern": NUMBER, "group_select": 0}
    exact = {"metric": "exact_match", "aggregation": "mean", "higher_is_better": True, "regexes_to_ignore": [","]}
    question = {
        "doc_to_text": "Question: {{question}}\nAnswer:",
        "doc_to_target": "{{answer.split('####')[-1].strip()}}",
        "output_type": "generate_until",
        "generation_kwargs": {**GREEDY, "until": ["\nQuestion:"], "max_gen_toks": 96},
        "filter_list": [{"name": "number", "filter": [last, {"function": "take_first"}]}],
        "metric_list": [exact],
    }
    tasks: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
        "calculations": (
            steps,
            {
                "doc_to_text": "12+30=42\n7*6=42\n90/2=45\n{{left}}=",
                "doc_to_target": "{{right}}",
                "output_type": "generate_until",
                "generation_kwargs": {**GREEDY, "until": ["\n"], "max_gen_toks": 12},
                "filter_list": [{"name": "number", "filter": [first, {"function": "take_first"}]}],
                "metric_list": [exact],
            },
        ),
        "gsm8k": (questions, question),
        "gsm8k-chat": (questions, {**question, "doc_to_text": "{{question}}"}),
        "which-solution": (
            choices,
            {
                "doc_to_text": "# {{sentence}}\n",
                "doc_to_choice": "{{solutions}}",
                "doc_to_target": "{{right}}",
                "target_delimiter": "",
                "output_type": "multiple_choice",
                "metric_list": [
                    {"metric": name, "aggregation": "mean", "higher_is_better": True} for name in ("acc", "acc_norm")
                ],
            },
        ),
    }
    for name, (found, task) in tasks.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in found))
        head = {"task": name, "dataset_path": "json", "test_split": "test", "num_fewshot": 0}
        data = {"dataset_kwargs": {"data_files": {"test": str(folder / f"{name}.jsonl")}}}
        (folder / f"{name}.yaml").write_text(yaml.safe_dump({**head, **data, **task}))


def _harness(venv: Path) -> Path:
    """An interpreter that has the harness, and everything else from the environment of this one."""
    python = venv / "bin/python"
    if not (venv / "made").exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        (site,) = venv.glob("lib/python*/site-packages")
        (site / "ours.pth").write_text(next(path for path in sys.path if path.endswith("site-packages")) + "\n")
        install = [python, "-m", "pip", "install", "--quiet", HARNESS, "-c", ROOT / "constraints.txt"]
        subprocess.run(install, check=True)
        (venv / "made").touch()
    return python


@contextlib.contextmanager
def _server(checkpoint: Path, dtype: str, out: Path) -> Iterator[str]:
    """The URL of a `lab serve`, ended at the end."""
    began, port = time.monotonic(), "8377"
    command = [sys.executable, "-m", "cli", "serve", str(checkpoint), "--"]
    command += ["--port", port, "--dtype", dtype, "--max-model-len", str(CONTEXT), "--max-num-seqs", str(TOGETHER)]
    with (out / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            while server.poll() is None:
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2)
                    break
                time.sleep(0.5)
            if server.poll() is not None:
                sys.exit(f"lab serve ended: {(out / 'server.log').read_text()[-2000:]}")
            (out / "started").write_text(f"{time.monotonic() - began:.0f}")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()
            server.wait(60)


def _run(side: str, tasks: list[str], python: Path, url: str, checkpoint: Path, dtype: str, out: Path) -> None:
    """One run of the harness; its results lie in OUT/SIDE/plain or OUT/SIDE/chat."""
    chat = tasks[0] in CHAT
    name, door = ("local-chat-completions", "chat/completions") if chat else ("local-completions", "completions")
    batch = 1 if chat or side == "served" else TOGETHER
    arguments = {"pretrained": str(checkpoint), "dtype": dtype, "max_length": CONTEXT}
    if side == "served":
        arguments = {"model": checkpoint.name, "base_url": f"{url}/{door}", "tokenizer": str(checkpoint)}
        arguments |= {"num_concurrent": TOGETHER, "max_length": CONTEXT, "tokenizer_backend": "huggingface"}
    where = out / side / ("chat" if chat else "plain")
    command = [python, "-m", "lm_eval", "run", "--model", name if side == "served" else "hf"]
    command += ["--model_args", ",".join(f"{key}={value}" for key, value in arguments.items())]
    command += ["--include_path", out / "tasks", "--tasks", ",".join(tasks), "--batch_size", str(batch)]
    command += ["--output_path", where, "--log_samples", *(["--apply_chat_template"] if chat else [])]
    command += ["--device", "cpu"] if side == "hf" else []
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": str(out / "cache")}
    for old in where.rglob("*.json*"):
        old.unlink()
    began = time.monotonic()
    with (out / f"{side}.log").open("a") as log:
        subprocess.run(list(map(str, command)), env=environment, stdout=log, stderr=log, check=True)
    (where / "seconds").write_text(f"{time.monotonic() - began:.1f}")


def _table(out: Path) -> None:
    found = {side: _found(out / side) for side in ("served", "hf")}
    if (out / "started").exists():
        print(f"lab serve ready after {(out / 'started').read_text()} s")
    print(f"{'task':<16}{'metric':<13}{'lab serve':>16}{'hf':>16}{'equal answers':>15}")
    for task in (*PLAIN, *CHAT):
        scores, answers = ([found[side].get(task, ({}, {}))[part] for side in found] for part in (0, 1))
        shared = answers[0].keys() & answers[1].keys()
        equal = sum(answers[0][row] == answers[1][row] for row in shared)
        for metric in scores[0] | scores[1]:
            cells = [f"{value[0]:.3f} ± {value[1]:.3f}" if (value := side.get(metric)) else "" for side in scores]
            print(f"{task:<16}{metric:<13}" + "".join(f"{cell:>16}" for cell in cells) + f"{equal:>9} of {len(shared)}")
    for door in ("plain", "chat"):
        files = [out / side / door / "seconds" for side in found]
        cells = [f"{float(file.read_text()):.0f} s" if file.exists() else "" for file in files]
        print(f"{door:<16}{'wall time':<13}" + "".join(f"{cell:>16}" for cell in cells))


def _found(folder: Path) -> dict[str, tuple[dict[str, tuple[float, float]], dict[int, Any]]]:
    """task -> (metric -> (figure, standard error), row -> what the model answered)."""
    told: dict[str, tuple[dict[str, tuple[float, float]], dict[int, Any]]] = {}
    for file in folder.rglob("results_*.json"):
        for task, scores in json.loads(file.read_text())["results"].items():
            figures = {
                name.split(",")[0]: (value, scores[f"{name.split(',')[0]}_stderr,{name.split(',')[1]}"])
                for name, value in scores.items()
                if "," in name and "_stderr" not in name
            }
            (samples,) = folder.rglob(f"samples_{task}_*.jsonl")
            rows = [json.loads(line) for line in samples.read_text().splitlines()]
            told[task] = figures, {row["doc_id"]: _answer(row) for row in rows}
    return told


def _answer(row: dict[str, Any]) -> Any:
    """The text, or of a choice the one of most likelihood."""
    if isinstance(row["resps"][0][0], str):
        return row["resps"][0][0]
    likelihoods = [float(response[0][0]) for response in row["resps"]]
    return likelihoods.index(max(likelihoods))


if __name__ == "__main__":
    main()
