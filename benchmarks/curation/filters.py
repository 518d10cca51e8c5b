"""`lab filter` over many rows against the sum of its libraries, called directly on the same texts.

    python benchmarks/curation/filters.py --texts gsm8k/train.jsonl [--rows 100000] [--repeats 3] [--checkpoint DIR] [--evaluation FILE] [--beside]

The rows are made of the texts, the same every time: most of sentences of several, some copied, some with a word
changed, some with their sentences in another order, some that a rule refuses. Each side runs in a process of its own, in
turns, and who begins changes from pair to pair; figures are medians, and each side's seconds are told as it ends. Directly
means: pyarrow reads and writes, hashlib, rensa, model2vec and faiss do what they are for, with the same settings, each on what
the one before left, without reasons, evidence, order of quality or streaming. `--beside` also measures, once, what it takes
minutes to: usearch (what Lab had in the place of faiss), semhash (these with other settings) and datasketch, where installed.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_CHECKPOINT = ROOT / "checkpoints" / "SmolLM2-135M-Instruct"
COPIED, TOUCHED, REORDERED, REFUSED = 0.05, 0.15, 0.20, 0.22
"""Up to where in [0, 1) a draw makes such a row; above, it is new."""


def make_rows(texts: Path, count: int, target: Path) -> None:
    """Write `count` rows in the form `messages`."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    base = [json.loads(line) for line in texts.open()]
    asked = [sentence for row in base for sentence in row["question"].split(". ")]
    answered = [line for row in base for line in row["answer"].splitlines()]
    chance, made, rows = random.Random(0), [], []
    for number in range(count):
        kind = chance.random()
        if not made or kind >= REORDERED:
            question, answer = ". ".join(chance.sample(asked, 4)), "\n".join(chance.sample(answered, 4))
            if kind < REFUSED:
                answer = "I'm sorry, but I can't help with that."
            made.append((question, answer))
        else:
            question, answer = chance.choice(made)
            if COPIED <= kind < TOUCHED:
                question = " ".join([*question.split()[:-1], str(number)])
            elif kind >= TOUCHED:
                question = ". ".join(reversed(question.split(". ")))
        turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
        rows.append({"messages": turns, "id": number})
    parquet.write_table(pa.Table.from_pylist(rows), target, row_group_size=10_000)


DATASKETCH = "datasketch, MinHash + LSH"
SEMHASH = "semhash on the same vectors"
USEARCH = "usearch on the same vectors"
NEIGHBOURS = 4
SIDES = ("filter", "direct")


class Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def __call__(self, step: str, total: int = 0) -> Iterator[Callable[[int], None]]:
        started = time.monotonic()
        yield lambda done: None
        self.seconds[step] = self.seconds.get(step, 0.0) + time.monotonic() - started


def filtered(rows: Path, out: Path, checkpoint: Path, evaluation: Path | None) -> dict[str, Any]:
    """The product."""
    from curation import pipeline

    clock = Clock()
    started = time.monotonic()
    evaluations = (evaluation,) if evaluation else ()
    result = pipeline.run(pipeline.Settings(rows, out, evaluations=evaluations, embeddings=checkpoint), clock)
    whole = time.monotonic() - started
    return {"seconds": whole, "steps": clock.seconds, "kept": result.kept, "dropped": result.dropped}


def direct(rows: Path, out: Path, checkpoint: Path, beside: bool) -> dict[str, Any]:
    """The libraries."""
    import hashlib

    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as parquet
    from rensa import RMinHashDeduplicator

    from curation.dedup import embedding, minhash, semantic

    clock = Clock()
    with clock("pyarrow: read"):
        values = parquet.read_table(rows).to_pylist()
        texts = ["\n\n".join(turn["content"] for turn in row["messages"]) for row in values]
    with clock("hashlib"):
        seen: dict[bytes, int] = {}
        for number, text in enumerate(texts):
            key = hashlib.blake2b(" ".join(text.split()).casefold().encode(), digest_size=16).digest()
            seen.setdefault(key, number)
        kept = sorted(seen.values())
    with clock("rensa"):
        near = RMinHashDeduplicator(minhash.THRESHOLD, minhash.PERMUTATIONS, True, minhash.BANDS)
        flags = near.add_pairs((str(number), minhash.shingles(texts[number])) for number in kept)
        kept = [number for number, new in zip(kept, flags, strict=True) if new]
    with clock("model2vec"):
        model = embedding.static_model(checkpoint)
        vectors = model.encode([texts[number] for number in kept])
    with clock("faiss"):
        index = semantic.new_index(vectors, np.arange(len(vectors)))
        index.add_with_ids(vectors, np.arange(len(vectors)))
        close, nearest = index.search(vectors, NEIGHBOURS)
        earlier = (nearest < np.arange(len(vectors))[:, None]) & (nearest >= 0) & (close >= semantic.THRESHOLD)
        kept = [number for number, again in zip(kept, earlier.any(axis=1), strict=True) if not again]
    with clock("pyarrow: write"):
        out.mkdir(parents=True, exist_ok=True)
        parquet.write_table(pa.Table.from_pylist([values[number] for number in kept]), out / "train.parquet")
    seconds = sum(clock.seconds.values())
    others = (
        {DATASKETCH: by_datasketch(texts), USEARCH: by_usearch(vectors), SEMHASH: by_semhash(vectors)} if beside else {}
    )
    return {"seconds": seconds, "steps": clock.seconds, "kept": len(kept), "beside": others}


def by_datasketch(texts: list[str], few: int = 5_000) -> float | None:
    """Seconds that datasketch would take for what rensa does, from its speed on a few rows."""
    if importlib.util.find_spec("datasketch") is None:
        return None
    from datasketch import MinHash, MinHashLSH

    from curation.dedup import minhash

    started = time.monotonic()
    index = MinHashLSH(minhash.THRESHOLD, minhash.PERMUTATIONS)
    runs = ([run.encode() for run in minhash.shingles(text)] for text in texts[:few])
    for number, sketch in enumerate(MinHash.bulk(runs, num_perm=minhash.PERMUTATIONS)):
        if not index.query(sketch):
            index.insert(number, sketch)
    return (time.monotonic() - started) * len(texts) / min(few, len(texts))


def by_semhash(vectors: Any) -> float | None:
    """Seconds of semhash's own de-duplication, with its settings, of as many rows as there are vectors."""
    if importlib.util.find_spec("semhash") is None:
        return None
    from semhash import SemHash

    from curation.dedup import semantic

    records = [str(number) for number in range(len(vectors))]
    started = time.monotonic()
    SemHash.from_embeddings(vectors, records, model=None).self_deduplicate(semantic.THRESHOLD)
    return time.monotonic() - started


def by_usearch(vectors: Any) -> float | None:
    """Seconds of an HNSW index of them all, each asked for its neighbours."""
    if importlib.util.find_spec("usearch") is None:
        return None
    import numpy as np
    from usearch.index import Index

    started = time.monotonic()
    expansion = {"expansion_add": 64, "expansion_search": 64}
    index = Index(ndim=vectors.shape[1], metric="cos", dtype="i8", connectivity=16, **expansion)
    index.add(np.arange(len(vectors)), vectors)
    index.search(vectors, NEIGHBOURS)
    return time.monotonic() - started


def in_process(side: str, rows: Path, options: argparse.Namespace, *more: str) -> dict[str, Any]:
    """One side in a process of its own: its seconds, and its peak memory in bytes."""
    with tempfile.TemporaryDirectory(dir=rows.parent) as out:
        command = [sys.executable, __file__, "--side", side, "--texts", str(rows), "--out", f"{out}/out"]
        command += ["--checkpoint", str(options.checkpoint), *more]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in found["steps"].items())
    print(
        f"{side} {rows.stem}: {found['seconds']:.1f} s, {found['cpu_s']:.1f} of CPU ({steps})",
        file=sys.stderr,
        flush=True,
    )
    return found


def in_turns(rows: Path, options: argparse.Namespace) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(lab filter, libraries directly) for each repeat; in every second one the libraries begin."""
    pairs = []
    for repeat in range(options.repeats):
        found = {}
        for side in SIDES if repeat % 2 == 0 else SIDES[::-1]:
            found[side] = in_process(side, rows, options)
        pairs.append((found["filter"], found["direct"]))
    return pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, required=True, help="JSONL with `question` and `answer`")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--checkpoint", type=Path, default=DEFAULT_CHECKPOINT)
    parser.add_argument("--evaluation", type=Path, help="also with --decontaminate this")
    parser.add_argument("--beside", action="store_true", help="also usearch, semhash and datasketch, once")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        run_side(options)
        return
    with tempfile.TemporaryDirectory() as folder:
        rows, tenth = Path(folder) / "rows.parquet", Path(folder) / "tenth.parquet"
        make_rows(options.texts, options.rows, rows)
        make_rows(options.texts, options.rows // 10, tenth)
        pairs = in_turns(rows, options)
        small = in_process("filter", tenth, options)
        beside = in_process("direct", rows, options, "--beside")["beside"] if options.beside else {}
        held_out = ["--evaluation", str(options.evaluation)]
        decontaminated = in_process("filter", rows, options, *held_out) if options.evaluation else None
    show(options, pairs, small, beside, decontaminated)


def run_side(options: argparse.Namespace) -> None:
    if options.side == "filter":
        found = filtered(options.texts, options.out, options.checkpoint, options.evaluation)
    else:
        found = direct(options.texts, options.out, options.checkpoint, options.beside)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    found["cpu_s"] = sum(one.ru_utime + one.ru_stime for one in used)
    found["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    found["worker_bytes"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(json.dumps(found))


def show(
    options: argparse.Namespace,
    pairs: list[tuple[dict[str, Any], dict[str, Any]]],
    small: dict[str, Any],
    beside: dict[str, float | None],
    decontaminated: dict[str, Any] | None,
) -> None:
    """The table, in Markdown."""
    cores = len(os.sched_getaffinity(0))
    print(
        f"{options.rows:,} rows, {options.repeats} repeats, medians, {cores} cores\n\n| side | step | s |\n| --- | --- | ---: |"
    )
    for name, side in (("lab filter", 0), ("libraries directly", 1)):
        for step in pairs[0][side]["steps"]:
            print(f"| {name} | {step} | {statistics.median(pair[side]['steps'][step] for pair in pairs):.2f} |")
        print(f"| **{name}** | **all** | **{statistics.median(pair[side]['seconds'] for pair in pairs):.2f}** |")
    for name, seconds in beside.items():
        print(f"| {name} | | {'not installed' if seconds is None else f'{seconds:.2f}'} |")
    ratios = sorted(ours["seconds"] / theirs["seconds"] for ours, theirs in pairs)
    ours, theirs = pairs[0]
    print(f"\nratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), target at most 0.90")
    cpu = statistics.median(ours["cpu_s"] / theirs["cpu_s"] for ours, theirs in pairs)
    print(f"ratio of CPU time, start and imports included {cpu:.2f}")
    for name in (USEARCH, SEMHASH):
        if alone := beside.get(name):
            instead = theirs["seconds"] - theirs["steps"]["faiss"] + alone
            print(f"ratio {ours['seconds'] / instead:.2f} where {name} takes the place of faiss")
    print(f"kept {ours['kept']:,} and directly {theirs['kept']:,}; dropped {json.dumps(ours['dropped'])}")
    if decontaminated:
        more = decontaminated["seconds"] - statistics.median(pair[0]["seconds"] for pair in pairs)
        print(f"with decontamination: {decontaminated['seconds']:.2f} s, {more:+.2f} s")
    grown = (ours["peak_bytes"] - small["peak_bytes"]) / (options.rows - options.rows // 10)
    print(
        f"peak memory: {small['peak_bytes'] / 2**20:.0f} MiB at {options.rows // 10:,} rows, {ours['peak_bytes'] / 2**20:.0f} MiB at "
        f"{options.rows:,}: {grown:,.0f} bytes a row; the largest worker {ours['worker_bytes'] / 2**20:.0f} MiB; libraries directly {theirs['peak_bytes'] / 2**20:.0f} MiB"
    )


if __name__ == "__main__":
    main()
