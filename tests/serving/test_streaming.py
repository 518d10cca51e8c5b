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
    promises: int | None = None
    """Bytes of a stream, if it says how many."""
    prompt_ends = "<|im_start|>assistant\\n"
    tells_tokens = True


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        about = {"id": "m", "object": "model", "created": 0, "owned_by": "vllm", "max_model_len": 4096}
        self._send({"object": "list", "data": [about]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path in ("/tokenize", "/detokenize"):
            told = {"tokens": [1, 2], "count": 2} if self.path == "/tokenize" else {"prompt": self.server.prompt_ends}
            self._send(
                told if self.server.tells_tokens else {"error": {"message": "no such page"}}, self.server.tells_tokens
            )
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
            end = "stop" if number == len(WORDS) else None
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
        if self.server.breaks_at == len(WORDS):
            self.wfile.write(b"data: [DONE]\n\n")

    def _send(self, body: Any, found: bool = True) -> None:
        data = json.dumps(body).encode()
        self.send_response(200 if found else 404)
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


@pytest.mark.parametrize("promises", [None, 1 << 20], ids=["ends before its end", "is cut by the network"])
def test_a_stream_that_breaks_is_asked_for_again_as_a_whole(promises: int | None, server: Server) -> None:
    server.breaks_at, server.promises = 20, promises
    answer = complete(server, lambda text: "")
    assert (answer.text, answer.output_tokens) == (WHOLE, len(WORDS))
    assert ["stream" in body for body in server.asked] == [True, False]


def test_where_the_template_has_begun_a_thought_the_cut_is_told(server: Server) -> None:
    server.prompt_ends = "<|im_start|>assistant\n<think>\n"
    seen: list[str] = []
    complete(server, lambda text: seen.append(text) or "")  # type: ignore[func-returns-value]
    assert seen and all(text.startswith("<think>\n0 1 2 ") for text in seen)


def test_a_server_that_does_not_tell_its_prompts_answers_whole(server: Server) -> None:
    server.tells_tokens = False
    assert complete(server, lambda text: "enough").text == WHOLE
    assert ["stream" in body for body in server.asked] == [False]
