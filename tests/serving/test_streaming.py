"""Answers of a vLLM server that are stopped while they are written: the text so far, what it cost, and that nobody is left writing."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from serving import Sampling, host
from serving.engine import CUT_EVERY, Completion

ASK = [{"role": "user", "content": "count"}]
WORDS = [f"{number} " for number in range(200)]
WHOLE = "".join(WORDS)


class Server(ThreadingHTTPServer):
    """Streams `WORDS` as a vLLM does, one token in each part, and knows how many it got rid of."""

    daemon_threads = True
    asked: list[Any]
    written = 0
    breaks_at = len(WORDS)
    ends: str | None = "stop"
    """Its reason at the last of them,"""
    last = b"data: [DONE]\n\n"
    """and what it says then."""
    promises: int | None = None
    """Bytes of a stream, if it says how many."""
    prompt_ends = "<|im_start|>assistant\\n"
    tokens_status = 200
    """Of what a vLLM has beside OpenAI's interface."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        about = {"id": "m", "object": "model", "created": 0, "owned_by": "vllm", "max_model_len": 4096}
        self._send({"object": "list", "data": [about]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path in ("/tokenize", "/detokenize"):
            told = {"tokens": [1, 2], "count": 2} if self.path == "/tokenize" else {"prompt": self.server.prompt_ends}
            status = self.server.tokens_status
            self._send(told if status == 200 else {"error": {"message": "no such page"}}, status)
            return
        self.server.asked.append(body)
        if not body.get("stream"):
            message = {"role": "assistant", "content": WHOLE}
            choice = {"index": 0, "finish_reason": "stop", "message": message}
            self._send(
                {
                    "id": "1",
                    "object": "chat.completion",
                    "created": 0,
                    "model": "m",
                    "choices": [choice],
                    "usage": usage(len(WORDS)),
                }
            )
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        if self.server.promises:
            self.send_header("Content-Length", str(self.server.promises))
        self.end_headers()
        for number, word in enumerate(WORDS[: self.server.breaks_at], start=1):
            end = self.server.ends if number == self.server.breaks_at else None
            choice = {"index": 0, "delta": {"content": word}, "finish_reason": end}
            part = {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": "m",
                "choices": [choice],
                "usage": usage(number),
            }
            try:
                self.wfile.write(f"data: {json.dumps(part)}\n\n".encode())
                self.wfile.flush()
            except OSError:  # nobody listens any more
                return
            self.server.written = number
            time.sleep(0.005)
        self.wfile.write(self.server.last)

    def _send(self, body: Any, status: int = 200) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None: ...


def usage(tokens: int) -> dict[str, int]:
    return {"prompt_tokens": 5, "completion_tokens": tokens, "total_tokens": 5 + tokens}


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(("127.0.0.1", 0), Handler)
    running.asked = []
    threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
    yield running
    running.shutdown()


def complete(server: Server, cut: Callable[[str], str] | None) -> Completion:
    async def work() -> Completion:
        async with host(f"http://127.0.0.1:{server.server_port}/v1") as engine:
            return await engine.complete(ASK, Sampling(), cut=cut)

    return asyncio.run(work())


def test_an_answer_is_stopped_where_the_cut_says_so_and_the_server_writes_no_further(server: Server) -> None:
    seen: list[str] = []

    def cut(text: str) -> str:
        seen.append(text)
        return "enough" if len(text) > 60 else ""

    answer = complete(server, cut)
    assert (answer.finish_reason, answer.text) == ("enough", seen[-1])
    assert WHOLE.startswith(answer.text)
    assert answer.output_tokens == len(answer.text.split()) == CUT_EVERY * len(seen)
    time.sleep(0.3)
    assert server.written < len(WORDS) - CUT_EVERY


def test_an_answer_that_no_cut_stops_comes_whole_with_its_counts(server: Server) -> None:
    answer = complete(server, lambda text: "")
    assert (answer.text, answer.finish_reason) == (WHOLE, "stop")
    assert (answer.prompt_tokens, answer.output_tokens) == (5, len(WORDS))
    assert [body["stream"] for body in server.asked] == [True]


def test_without_a_cut_nothing_is_streamed(server: Server) -> None:
    assert complete(server, None).text == WHOLE
    assert ["stream" in body for body in server.asked] == [False]


@pytest.mark.parametrize(
    ("last", "promises"),
    [
        (b"", None),
        (b"", 1 << 20),
        (b'data: {"choices": [{"index": 0, "delta": {"content": "\xc3', None),
        (b'data: {"choices": [\n\n', None),
        (b'data: {"error": {"message": "the engine is dead"}}\n\ndata: [DONE]\n\n', None),
        (b'data: {"object": "error", "message": "the engine is dead", "code": 500}\n\ndata: [DONE]\n\n', None),
    ],
    ids=["ends", "is cut by the network", "within a letter", "within a part", "by an error", "by one of old"],
)
def test_a_stream_that_breaks_is_asked_for_again_as_a_whole(last: bytes, promises: int | None, server: Server) -> None:
    server.breaks_at, server.ends, server.last, server.promises = 20, None, last, promises
    answer = complete(server, lambda text: "")
    assert (answer.text, answer.output_tokens) == (WHOLE, len(WORDS))
    assert ["stream" in body for body in server.asked] == [True, False]


def test_an_answer_that_the_server_breaks_off_is_none_and_is_asked_for_again(server: Server) -> None:
    server.breaks_at, server.ends = 20, "abort"  # what a vLLM says of all that it has begun when it is ended
    answer = complete(server, lambda text: "")
    assert (answer.text, answer.finish_reason, answer.output_tokens) == (WHOLE, "stop", len(WORDS))
    assert ["stream" in body for body in server.asked] == [True, False]


def test_an_answer_that_has_ended_is_whole_though_the_stream_has_not(server: Server) -> None:
    server.last, server.promises = b"", 1 << 20
    assert complete(server, lambda text: "").text == WHOLE
    assert ["stream" in body for body in server.asked] == [True]


def test_where_the_template_has_begun_a_thought_the_cut_is_told(server: Server) -> None:
    server.prompt_ends = "<|im_start|>assistant\n<think>\n"
    seen: list[str] = []
    complete(server, lambda text: seen.append(text) or "")  # type: ignore[func-returns-value]
    assert seen and all(text.startswith("<think>\n0 1 2 ") for text in seen)


@pytest.mark.parametrize("status", [403, 404, 405])
def test_a_server_that_does_not_tell_its_prompts_answers_whole(status: int, server: Server) -> None:
    server.tokens_status = status
    assert complete(server, lambda text: "enough").text == WHOLE
    assert ["stream" in body for body in server.asked] == [False]
