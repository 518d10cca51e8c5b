"""How the suite is shared out among processes (`pytest -n 2 --dist loadgroup`): all that starts vLLM in one, the rest by file."""

import pytest

LONGEST_FIRST = (
    *("test_end_to_end.py", "test_training.py", "test_service.py", "test_hostile.py", "test_translation.py"),
    *(
        "test_parallel.py",
        "test_prompts_try.py",
        "test_kernels_gpu.py",
        "test_backtranslation.py",
        "test_prompts_ui.py",
    ),
)
"""A long file that starts last keeps one process busy while the others have ended."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))  # stable: the order within a file stays
    for item in items:
        # One engine at a time: each takes all cores and some gigabytes.
        group = "vllm" if item.get_closest_marker("vllm") else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
