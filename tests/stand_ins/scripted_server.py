"""An OpenAI-compatible server that answers by a script, for tests that start `lab` as its own process."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rows.messages import Message

CONTEXT = 4096
"""Words that fit."""
Answer = Callable[[list[Message]], str]
"""From the messages asked to the answer's text."""


@contextmanager
def scripted_server(
    answer: Answer, models: Sequence[str] = ("scripted",), key: str = ""
) -> Iterator[tuple[str, list[Any]]]:
    """(base URL, the requests so far) of a server that answers `answer(messages)`; with a `key`, to who shows it."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if key and self.headers["Authorization"] != f"Bearer {key}":
                self._send(401, {"error": {"message": "no key"}})
                return
            if not self.path.startswith("/v1/"):
                self._send(404, {"error": {"message": "no such page"}})
                return
            about = {"object": "model", "created": 0, "owned_by": "tests", "max_model_len": CONTEXT}
            self._send(200, {"object": "list", "data": [{"id": name, **about} for name in models]})

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            if not data:  # who asked has gone
                return
            body = json.loads(data)
            if self.path == "/tokenize":
                self._send(200, {"count": sum(len(message["content"].split()) for message in body["messages"])})
                return
            words = sum(len(message["content"].split()) for message in body["messages"])
            if words > CONTEXT:
                self._send(400, {"error": {"message": f"maximum context length is {CONTEXT} tokens, not {words}"}})
                return
            asked.append(body)
            message = {"role": "assistant", "content": answer(body["messages"])}
            choice = {"index": 0, "finish_reason": "stop", "message": message}
            usage = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
            answered = {"id": "1", "object": "chat.completion", "created": 0, "model": "scripted", "choices": [choice]}
            self._send(200, {**answered, "usage": usage})

        def _send(self, status: int, body: Any) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()
