"""`lab serve` on a CPU: a request's seed, which would end vLLM's engine there, does not reach it."""

import asyncio
import json
import os
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from tiny_checkpoints import tiny_checkpoint

import serving.server
from serving import ServingError
from serving.without_seeds import WithoutSeeds, without_seed

CHAT = {"model": "m", "messages": [{"role": "user", "content": 'my seed is 7, "seed": 7'}], "temperature": 1.0}


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application that answers with the body it was given."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message.get("more_body", False)
    assert dict(scope["headers"])[b"content-length"] == str(len(body)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def answered(body: bytes) -> httpx.Response:
    async def work() -> httpx.Response:
        transport = httpx.ASGITransport(app=WithoutSeeds(echo))
        async with httpx.AsyncClient(transport=transport, base_url="http://lab") as client:
            return await client.post("/v1/chat/completions", content=body)

    return asyncio.run(work())


@pytest.mark.parametrize("seed", [0, 1234, -1, "7", [1]])
def test_a_seed_is_taken_out_and_the_answer_says_so(seed: Any) -> None:
    response = answered(json.dumps({**CHAT, "seed": seed}).encode())
    assert response.json() == CHAT and response.headers["x-lab-seed"] == "dropped"


def test_a_seed_under_an_escaped_name_or_in_vllms_own_settings_is_taken_out() -> None:
    assert json.loads(without_seed(b'{"a": 1, "\\u0073eed": 1}')) == {"a": 1}
    assert json.loads(without_seed(b'{"sampling_params": {"seed": 1, "n": 2}}')) == {"sampling_params": {"n": 2}}


@pytest.mark.parametrize(
    "body", [json.dumps(CHAT), json.dumps({**CHAT, "seed": None}), "", "no JSON: seed", '["seed"]']
)
def test_what_has_no_seed_goes_on_byte_for_byte(body: str) -> None:
    response = answered(body.encode())
    assert response.content == body.encode() and "x-lab-seed" not in response.headers


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would be started."""
    words: list[str] = []
    monkeypatch.setattr(serving.server, "refuse_taken_port", lambda host, port: None)
    monkeypatch.setattr(os, "execv", lambda program, arguments: words.extend(arguments))
    names = ("VLLM_CPU_KVCACHE_SPACE", "VLLM_NO_USAGE_STATS", "PYTHONSAFEPATH", "PYTHONPATH", "TORCHDYNAMO_DISABLE")
    for name in names:
        monkeypatch.setenv(name, os.environ.get(name, ""))
    return words


@pytest.mark.parametrize("gpu", [False, True])
def test_the_server_is_started_with_it_on_a_cpu_only(
    gpu: bool, started: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving.server, "has_gpu", lambda: gpu)
    serving.server.exec_server(str(tiny_checkpoint(tmp_path / "tiny")), ["--port", "1"])
    assert ("serving.without_seeds.WithoutSeeds" in started) is not gpu
    assert ("--enforce-eager" in started) is not gpu
    started.clear()
    serving.server.exec_server(str(tmp_path / "tiny"), ["--no-enforce-eager"])
    assert "--enforce-eager" not in started, "who asks for it has it compiled"
    assert "serving.ending.EndsInTime" in started, "on every machine"


@pytest.mark.parametrize(
    "said",
    [
        ["--served_model_name", "mine", "--dtype=float32", "--block_size=16", "--compilation-config.mode", "3"],
        ["--served-model-name", "mine", "--dtype", "float32", "--block-size", "16", "-O.mode=3"],
        ["--config", "FILE"],
    ],
    ids=["underscores and fields", "dashes", "a file"],
)
def test_what_is_said_of_an_option_is_not_said_otherwise_behind_it(
    said: list[str], started: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file := tmp_path / "serve.yaml").write_text(
        "served_model_name: mine\ndtype: float32\nblock-size: 16\nhost: 0.0.0.0\nport: 9\ncompilation-config: {mode: 3}\n"
    )
    monkeypatch.setattr(serving.server, "has_gpu", lambda: False)
    asked = [word.replace("FILE", str(file)) for word in said]
    serving.server.exec_server(str(tiny_checkpoint(tmp_path / "tiny")), asked)
    ours = started[started.index(asked[-1]) + 1 :]
    assert not {"--served-model-name", "--dtype", "--block-size", "--enforce-eager"} & {*ours}
    assert ("--host" in ours) is (said[0] != "--config"), "a loopback address where nobody says another"


@pytest.mark.parametrize("said", [["--port", "PORT"], ["--port=PORT"], ["--host", "127.0.0.1", "--port", "PORT"]])
def test_a_port_that_is_taken_is_told_before_anything_is_loaded(said: list[str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(ServingError, match=f"cannot listen on port {port} of 127.0.0.1: address already in use"):
            serving.server.exec_server(
                str(tiny_checkpoint(tmp_path / "tiny")), [word.replace("PORT", port) for word in said]
            )
    serving.server.refuse_taken_port("127.0.0.1", port)  # free again
    serving.server.refuse_taken_port("127.0.0.1", "no port")
    with pytest.raises(ServingError, match="there is no port 70000; ports are numbers up to 65535"):
        serving.server.refuse_taken_port("127.0.0.1", "70000")
