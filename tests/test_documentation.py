"""What the documentation points at is there: pages, headings, files of the code, and what they are said to hold."""

import re
from pathlib import Path

import pytest

from generators.catalog import CATALOG

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TOLD = [page for page in PAGES if page.name != "lab-notebook.md"]
"""What is true today; the notebook tells of files that there were."""
CODE = "|".join([*sorted(path.parent.name for path in ROOT.glob("*/__init__.py")), "benchmarks", "findings", "tests"])
LINK = re.compile(r"\]\(([^)\s]+)\)")
FILE = re.compile(rf"`((?:{CODE})/(?:[\w.-]+/)*(?:[\w-]+\.\w+)?)`")
"""A folder with its slash, or a file."""
COMMAND = re.compile(r"(?<![\w/.-])((?:benchmarks|findings|tests)/[\w./-]*\.(?:py|sh))")
"""A script that a command runs."""
NAME = re.compile(r"`(\w+(?:\.\w+)*)`")


def anchors(page: Path) -> set[str]:
    """The headings of a page, as a link names them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        if "://" in link:
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", TOLD, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_of_the_code_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text()
    named = [name for name in {*FILE.findall(text), *COMMAND.findall(text)} if not re.search(r"[A-Z]{4}", name)]
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_prose_is_wrapped_at_100_columns(page: Path) -> None:
    fenced = False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        fenced ^= line.lstrip().startswith("```")
        assert len(line) <= 100 or fenced or line.startswith(("    ", "|", "#")), f"{page}:{number}"


def where_to_look() -> list[list[str]]:
    _, _, table = (ROOT / "docs" / "index.md").read_text().partition("## Where to look")
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines() if "`" in line]
    assert len(rows) >= 8
    return rows


@pytest.mark.parametrize(("question", "place"), where_to_look())
def test_where_to_look_names_files_that_hold_what_it_says(question: str, place: str) -> None:
    files = [ROOT / name for name in FILE.findall(place)]
    assert files and all(file.exists() for file in files), place
    sources = [path for file in files for path in (file.rglob("*.py") if file.is_dir() else [file])]
    beside = {path for file in files for path in file.parent.glob("*.py")}
    text = "\n".join(path.read_text() for path in {*sources, *beside})
    for name in NAME.findall(place):
        if name.endswith(".py"):
            assert any(path.name == name for path in beside), name
        else:
            *_, last = name.split(".")
            assert re.search(rf"^\s*(?:async def|def|class) {last}\b|^{last}\b.*=", text, re.MULTILINE), name


def test_the_reading_list_is_as_long_as_the_readme_says() -> None:
    _, _, reading = (ROOT / "README.md").read_text().partition("## Reading the code")
    first, _, second = reading.partition("A second afternoon, ")
    for text, folder in ((first, ROOT), (second.partition("A package knows")[0], ROOT / "pretrain")):
        told = re.search(r"[Aa]bout ([\d,]+) lines", text)
        assert told
        files = [folder / name for name in re.findall(r"`([\w/]+\.py)`", text)]
        lines = sum(len(file.read_text().splitlines()) for file in files)
        assert lines == pytest.approx(int(told[1].replace(",", "")), rel=0.05)


@pytest.mark.parametrize(
    "reason", sorted({str(one) for entry in CATALOG.values() for own in entry.reasons for one in own})
)
def test_every_reason_of_a_generator_is_on_a_page(reason: str) -> None:
    assert any(f"`{reason}`" in page.read_text() for page in (ROOT / "docs" / "make-data").glob("*.md"))
