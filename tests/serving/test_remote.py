"""The same interface over somebody's server: what is retried, what is not, and our own server behind it."""

import asyncio
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import torch

from checkpoints.directory import DEFAULT_DIR
from serving import PromptTooLongError, RequestRefusedError, Sampling, ServingError, host, remote
from serving.remote import RETRIES_AT_START

ASK = [{"role": "user", "content": "hello"}]
ANSWER = {
    "id": "1",
    "object": "chat.completion",
    "created": 0,
    "model": "m",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hi"}}],
    "usage": {
        "prompt_tokens": 5,
        "completion_tokens": 2,
        "total_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 4},
    },
}


@pytest.fixture
def server() -> Iterator[Callable[[list[tuple[int, Any]]], tuple[str, list[Any]]]]:
    """Starts a server that gives the listed (status, body) answers in turn, then repeats the last."""
    running: list[ThreadingHTTPServer] = []

    def start(script: list[tuple[int, Any]], owner: str = "x") -> tuple[str, list[Any]]:
        asked: list[Any] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(
                    200,
                    {
                        "object": "list",
                        "data": [{"id": "m", "object": "model", "created": 0, "owned_by": owner, "max_model_len": 64}],
                    },
                )

            def do_POST(self) -> None:
                asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self._send(*script[min(len(asked), len(script)) - 1])

            def _send(self, status: int, body: Any) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.send_header("retry-after-ms", "1")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None: ...

        running.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=running[-1].serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{running[-1].server_port}/v1", asked

    yield start
    for each in running:
        each.shutdown()


def complete(url: str, sampling: Sampling | None = None) -> Any:
    async def work() -> Any:
        async with host(url) as engine:
            return await engine.complete(ASK, sampling or Sampling())

    return asyncio.run(work())


def test_where_no_server_answers_it_is_looked_for_three_times_and_told() -> None:
    looks: list[None] = []
    with socket.create_server(("127.0.0.1", 0)) as deaf:

        def hang_up() -> None:
            while True:
                try:
                    deaf.accept()[0].close()
                except OSError:
                    return
                looks.append(None)

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(ServingError, match="no OpenAI-compatible server answers there"):
            complete(f"http://127.0.0.1:{deaf.getsockname()[1]}/v1")
        deaf.shutdown(socket.SHUT_RDWR)
    assert len(looks) == 1 + RETRIES_AT_START == 3


def test_busy_and_failing_servers_are_asked_again(server: Any) -> None:
    url, asked = server(
        [(429, {"error": "busy"}), (503, {"error": "loading"}), (500, {"error": "oops"}), (200, ANSWER)]
    )
    answer = complete(url)
    assert (answer.text, answer.prompt_tokens, answer.output_tokens, answer.cached_tokens) == ("hi", 5, 2, 4)
    assert len(asked) == 4


BROKEN: Any = {**ANSWER, "choices": [{**ANSWER["choices"][0], "finish_reason": "abort"}]}  # type: ignore[dict-item,index]
"""What a vLLM says of an answer that it has begun when it is ended; of one that it has not begun the text is empty."""


def test_an_answer_that_the_server_breaks_off_is_none_and_is_asked_for_again(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "PAUSES_S", (0.0, 0.0, 0.0))
    url, asked = server([(200, BROKEN), (200, BROKEN), (200, ANSWER)])
    assert complete(url).finish_reason == "stop" and len(asked) == 3


def test_an_answer_that_the_server_breaks_off_each_time_concerns_its_row_alone(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "PAUSES_S", (0.0, 0.0, 0.0))
    url, asked = server([(200, BROKEN)])
    with pytest.raises(RequestRefusedError, match=r'breaks this answer off \(finish_reason "abort"\)'):
        complete(url)
    assert len(asked) == 3


def test_a_server_that_breaks_an_answer_off_and_is_gone_ends_the_run(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "PAUSES_S", (0.0, 0.0, 0.0))
    monkeypatch.setattr(remote, "RETRIES", 1)
    url, _ = server([(200, BROKEN), (503, {"error": "shutting down"})])
    with pytest.raises(ServingError, match="no answer after 1 retries") as raised:
        complete(url)
    assert not isinstance(raised.value, RequestRefusedError)


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_a_request_that_is_wrong_is_not_repeated(server: Any, status: int) -> None:
    url, asked = server([(status, {"error": {"message": "no such field"}})])
    with pytest.raises(ServingError, match="no such field"):
        complete(url)
    assert len(asked) == 1


def test_a_prompt_too_long_for_the_server_concerns_its_row_alone(server: Any) -> None:
    url, _ = server([(400, {"error": {"message": "This model's maximum context length is 64 tokens"}})])
    with pytest.raises(PromptTooLongError):
        complete(url)


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(temperature=0), Sampling(top_p=0.9)])
def test_a_vllm_is_told_every_rule_that_a_generation_config_could_set(server: Any, sampling: Sampling) -> None:
    url, asked = server([(200, ANSWER)], "vllm")
    complete(url, sampling)
    (sent,) = asked
    in_process = sampling_rules(sampling)
    assert {name: sent[name] for name in in_process} == in_process


def test_a_top_k_that_is_asked_for_reaches_a_vllm(server: Any) -> None:
    url, asked = server([(200, ANSWER)], "vllm")
    complete(url, Sampling(top_k=20))
    assert asked[0]["top_k"] == 20 and asked[0]["repetition_penalty"] == 1.0


def test_other_servers_see_no_field_of_vllms_unasked(server: Any) -> None:
    url, asked = server([(200, ANSWER)])
    complete(url)
    assert not {"top_k", "min_p", "repetition_penalty", "presence_penalty"} & set(asked[0])


def sampling_rules(sampling: Sampling) -> dict[str, Any]:
    """What the engine in process is told, by vLLM's names; what is left out has vLLM's neutral value there."""
    neutral = {"min_p": 0.0, "repetition_penalty": 1.0, "presence_penalty": 0.0, "frequency_penalty": 0.0}
    return {"temperature": sampling.temperature, "top_p": sampling.top_p, "top_k": sampling.top_k, **neutral}


def test_grammars_and_stops_are_passed_in_vllms_fields(server: Any) -> None:
    url, asked = server([(200, ANSWER)])
    complete(url, Sampling(choice=("a", "b"), stop=("\n",), top_k=5))
    assert asked[0]["structured_outputs"] == {"choice": ["a", "b"]}
    assert (asked[0]["stop"], asked[0]["include_stop_str_in_output"], asked[0]["top_k"]) == (["\n"], True, 5)


def test_the_identity_tells_servers_and_models_apart(server: Any) -> None:
    async def identity(url: str) -> str:
        async with host(url) as engine:
            return engine.identity

    first, second = server([(200, ANSWER)])[0], server([(200, ANSWER)])[0]
    assert asyncio.run(identity(first)) == asyncio.run(identity(first)) != asyncio.run(identity(second))


def test_tokens_are_counted_by_the_servers_own_tokenizer_also_where_it_is_busy(server: Any) -> None:
    async def counted(url: str) -> int:
        async with host(url) as engine:
            return await engine.count_tokens(ASK)

    url, asked = server([(503, {"error": {"message": "busy"}}), (200, {"count": 17})])
    assert asyncio.run(counted(url)) == 17
    assert asked[-1]["messages"] == ASK and asked[-1]["add_generation_prompt"] is True
    url, _ = server([(404, {"error": {"message": "no such page"}})])
    assert asyncio.run(counted(url)) == sum(len(message["content"]) for message in ASK) // 4


PROMPTS = [[504, 3575, 282, 4649, 314, 7042, 30], [1604, 803, 24, 81, 28, 293]]
"""Token ids of the default checkpoint, as a harness sends them: two texts of two lengths."""


def log_probs(ids: list[int]) -> list[float]:
    """Of each token after the first, by transformers."""
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(DEFAULT_DIR, dtype=torch.float32)
    with torch.no_grad():
        found = torch.log_softmax(model(input_ids=torch.tensor([ids])).logits[0, :-1], -1)
    return [float(row[token]) for row, token in zip(found, ids[1:], strict=True)]


@pytest.mark.vllm
@pytest.mark.skipif(not DEFAULT_DIR.exists(), reason="the default checkpoint is not made: `lab checkpoint`")
def test_our_own_server_answers_turns_grammars_and_a_harness_and_ends_though_somebody_waits_for_an_answer(
    tmp_path: Path,
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lab = Path(sys.executable).with_name("lab")
    options = ["--port", str(port), "--max-model-len", "512", "--max-num-seqs", "8"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([lab, "serve", "default", "--", *options], stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if httpx.get(f"{url}/health", timeout=2).status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(1)

        async def seeded(engine: Any, seed: int) -> None:
            """What evaluation harnesses send at their defaults, and what ended the engine on a CPU."""
            body = {"model": engine.name, "messages": ASK, "temperature": 1.0, "max_tokens": 4, "seed": seed}
            async with httpx.AsyncClient(timeout=60) as client:
                response = await client.post(f"{url}/v1/chat/completions", json=body)
            assert response.status_code == 200, response.text
            assert torch.cuda.is_available() or response.headers["x-lab-seed"] == "dropped"

        async def echoed(engine: Any, prompts: list[list[int]]) -> Any:
            """lm-evaluation-harness's log-likelihoods: token ids in a batch, echoed with log-probabilities, at its own seed."""
            body = {"model": engine.name, "prompt": prompts, "temperature": 0, "max_tokens": 1, "logprobs": 1}
            async with httpx.AsyncClient(timeout=120) as client:
                response = await client.post(f"{url}/v1/completions", json={**body, "echo": True, "seed": 1234})
            assert response.status_code == 200, response.text
            return sorted(response.json()["choices"], key=lambda choice: choice["index"])

        async def stopped(engine: Any) -> None:
            greedy = Sampling(temperature=0, max_tokens=64)
            whole = await engine.complete(ASK, greedy)
            cut = await engine.complete(ASK, greedy, cut=lambda text: "enough" if len(text) > 20 else "")
            assert cut.finish_reason == "enough" and whole.text.startswith(cut.text)
            assert 0 < cut.output_tokens < whole.output_tokens

        async def work() -> tuple[Any, Any, int]:
            async with host(f"{url}/v1") as engine:
                await stopped(engine)
                for prompt, choice in zip(PROMPTS, await echoed(engine, PROMPTS), strict=True):
                    told = choice["logprobs"]["token_logprobs"]
                    assert told[0] is None and len(told) == len(prompt) + 1
                    assert told[1:-1] == pytest.approx(log_probs(prompt), abs=0.3), "bf16 beside float32"
                    greedy = [max(top.values()) for top in choice["logprobs"]["top_logprobs"][1:-1]]
                    assert all(best >= drawn - 1e-6 for best, drawn in zip(greedy, told[1:-1], strict=True))
                begun = [*ASK, {"role": "assistant", "content": "def add(a, b):\n    return a"}]
                choice = await engine.complete(ASK, Sampling(choice=("red", "green"), max_tokens=4))
                await asyncio.gather(*(seeded(engine, seed) for seed in (0, 1, 2, 3)))
                return (
                    choice,
                    await engine.complete(begun, Sampling(temperature=0, max_tokens=4)),
                    await engine.count_tokens(ASK),
                )

        choice, begun, tokens = asyncio.run(work())
        assert choice.text in ("red", "green")
        assert begun.text.strip().startswith("+ b")
        assert tokens == choice.prompt_tokens
        long = {"model": DEFAULT_DIR.name, "messages": ASK, "max_tokens": 400, "ignore_eos": True, "stream": True}
        with httpx.stream("POST", f"{url}/v1/chat/completions", json=long, timeout=60) as response:
            lines = response.iter_lines()
            assert next(lines).startswith("data: ")
            process.terminate()
            with pytest.raises(httpx.HTTPError):
                assert "data: [DONE]" in [*lines], "it is cut off, as its client can see"
            process.wait(30)
    finally:
        process.terminate()
        try:
            process.wait(60)
        finally:
            process.kill()
