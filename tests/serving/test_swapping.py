"""A checkpoint that is swapped in is the one on disk: its template, its ends of an answer, all its weights."""

import asyncio
import shutil
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import pytest
from tiny_checkpoints import TEMPLATE, edit_json, edit_weights, tiny_checkpoint

from recipes.schema import Serving
from serving import Completion, RequestRefusedError, Sampling, ServingError
from serving.local import LocalEngine, _Request

ASK = [{"role": "user", "content": "the cat"}]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("start") / "start")


@pytest.fixture
def trained(start: Path, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(start, tmp_path / "trained"))
    return edit_weights(folder, lambda tensors: tensors["model.norm.weight"].mul_(2))


def engine(checkpoint: Path) -> LocalEngine:
    return LocalEngine(checkpoint, Serving(), lambda text: None)


def counted(checkpoint: Path) -> int:
    return asyncio.run(engine(checkpoint).count_tokens(ASK))


@pytest.mark.parametrize("reason", ["abort", "error"])
def test_an_answer_that_vllm_breaks_off_is_none(reason: str, start: Path) -> None:
    hosted = engine(start)
    done: Future[Completion] = Future()
    hosted._requests["1"] = _Request(Sampling(), [1, 2], [], None, done, 0.0)
    said = SimpleNamespace(token_ids=[5], text="the", finish_reason=reason)
    hosted._deliver([SimpleNamespace(request_id="1", outputs=[said], finished=True, num_cached_tokens=0)])
    with pytest.raises(RequestRefusedError, match=f"broke the answer off \\({reason}\\)"):
        done.result(0)


def test_a_request_that_vllm_refuses_is_its_own_fault_alone(start: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_grammar(sampling: Sampling, most: int) -> None:
        raise ValueError(f"Failed to compile the regex {sampling.regex}")

    monkeypatch.setattr("serving.local.sampling_params", no_grammar)
    done: Future[Completion] = Future()
    engine(start)._add("1", _Request(Sampling(regex="("), [1, 2], [], None, done, 0.0), 8)
    with pytest.raises(RequestRefusedError, match=r"vLLM refused the request: Failed to compile the regex \("):
        done.result(0)


def test_its_template_is_the_one_beside_its_weights(start: Path, trained: Path) -> None:
    (trained / "chat_template.jinja").write_text("answer well " + TEMPLATE)

    async def swapped() -> int:
        hosted = engine(start)
        await hosted.count_tokens(ASK)  # the first one's tokenizer is read
        await hosted.swap(str(trained))
        return await hosted.count_tokens(ASK)

    assert asyncio.run(swapped()) == counted(trained) != counted(start)


@pytest.mark.parametrize("ends", [[274, 275], 275, None])
def test_one_that_ends_its_answers_elsewhere_is_hosted_anew(start: Path, trained: Path, ends: object) -> None:
    edit_json(trained / "generation_config.json", eos_token_id=ends)
    with pytest.raises(ServingError, match="end of an answer"):
        asyncio.run(engine(start).swap(str(trained)))


def test_one_with_other_sampling_settings_is_swapped_in(start: Path, trained: Path) -> None:
    edit_json(trained / "generation_config.json", temperature=0.3, do_sample=True)  # which no engine of ours obeys
    hosted = engine(start)
    asyncio.run(hosted.swap(str(trained)))
    assert hosted.path == trained
