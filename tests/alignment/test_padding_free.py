"""Rows without padding give what padded rows give: log-probabilities, and gradients of every weight."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
from alignment.tokens.padding_free import pack  # noqa: E402
from alignment.trainer import load_model, token_log_probs  # noqa: E402


def padded(rows: list[list[int]]) -> dict[str, Any]:
    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return {"input_ids": ids, "attention_mask": mask}


def plain(model: Any, inputs: dict[str, Any], labels: Any) -> Any:
    """As transformers does it: every row padded, every position projected."""
    logits = model(**inputs, use_cache=False).logits[:, :-1].float()
    values = torch.log_softmax(logits, dim=-1).gather(2, labels[:, 1:].clamp(min=0)[:, :, None])[:, :, 0]
    return values.masked_fill(labels[:, 1:] == -100, 0.0)


def with_gradients(model: Any, log_probs: Callable[[], Any]) -> tuple[Any, dict[str, Any]]:
    model.zero_grad()
    found = log_probs()
    (found * torch.arange(1, found.numel() + 1).view(found.shape)).sum().backward()
    return found.detach(), {name: weight.grad.clone() for name, weight in model.named_parameters()}


@pytest.mark.parametrize("pairs", [False, True])
def test_log_probabilities_and_gradients_are_those_of_padded_rows(tiny: Path, pairs: bool) -> None:
    shared = [5, 6, 7, 8, 9]
    rows = [[*shared, 10, 11, 12], [3, 4], [*shared, 10, 13], [3, 4, 14, 15, 16, 17]]
    inputs = padded(rows)
    labels = inputs["input_ids"].masked_fill(inputs["attention_mask"] == 0, -100)
    labels[0, :3] = labels[2, :5] = -100
    model = load_model(tiny).eval()
    expected, expected_gradients = with_gradients(model, lambda: plain(model, inputs, labels))

    accelerator = SimpleNamespace(
        unwrap_model=lambda model: model, autocast=lambda: torch.autocast("cpu", enabled=False)
    )
    trainer = SimpleNamespace(accelerator=accelerator)
    found, gradients = with_gradients(model, lambda: token_log_probs(trainer, model, inputs, labels, pairs=pairs))

    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
    for name, gradient in expected_gradients.items():
        torch.testing.assert_close(
            gradients[name], gradient, rtol=1e-3, atol=1e-4, msg=lambda text, name=name: f"{name}: {text}"
        )


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=6), min_size=1, max_size=4), st.booleans())
def test_every_token_of_every_row_is_found_again(rows: list[list[int]], pairs: bool) -> None:
    rows = rows + [row[::-1] for row in rows] if pairs else rows
    packed = pack(**padded(rows), donor=[*range(len(rows) // 2)] * 2 if pairs else None)
    for number, row in enumerate(rows):
        places = packed.places[number, : len(row)]
        assert packed.input_ids[0, places].tolist() == row
        assert packed.position_ids[0, places].tolist() == list(range(len(row)))
    assert sum(packed.lengths) == packed.input_ids.shape[1] <= sum(map(len, rows))
    assert min(packed.lengths) >= 1


def test_a_pair_holds_its_prompt_once() -> None:
    packed = pack(**padded([[1, 2, 3, 4], [1, 2, 3, 5, 6]]), donor=[0, 0])
    assert packed.input_ids.tolist() == [[1, 2, 3, 4, 5, 6]]
    assert packed.shared == (0, 3)
