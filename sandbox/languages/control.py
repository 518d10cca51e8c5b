"""The control of tests that share a process with their program: the same tests, some of them made to expect something
else.

A program that passes by any trick (an object equal to everything, a harness told that all is well, a token found in
memory) passes the changed tests too, since it cannot tell them from the others; one that cheats in some runs and not in
others fails those that were left alone. A program that passes because it is right fails at the changed tests and at no
other.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace

from sandbox.languages import finely, literals
from sandbox.languages.script import SKIPPED
from sandbox.languages.titles import retitled
from sandbox.languages.truths import certain
from sandbox.report import Report, Verdict

Units = tuple[tuple[int, str], ...]
"""Line and source of each test, as `script.Script` has them; the last is the script as a whole."""

SCRIPT = "the test script"
TELLS_LINES = frozenset({"javascript", "php", "ruby", "perl"})
"""Languages whose harness says at which line a script failed outside of any test."""
_DEFINES = re.compile(r"^\s*(?:[\w<>\[\], :*&.]+\s+)?[$@%]?(\w+)\s*:?=(?![=~>])")
_SETS = re.compile(r"[{;]\s*[$@%]?(\w+)\s*=(?![=~>])")
_RAISES = re.compile(r"\b(?:throw|raise|die|panic|croak)\b")
_MAY_SKIP = re.compile(r"^(\s*)(?:SKIP|TODO)\s*:\s*\{\s*$")
_FUNCTION = re.compile(r"^\s*(?:pub\s+)?fn\s")
_HEADER = re.compile(
    r"^(\s*)(?:[\w<>\[\], :*&.]+\s)?(?!(?:if|for|while|switch|catch|match)\b)(\w+)\s*(?:<[^()]*>)?\([^;]*\{\s*$"
)
"""Of a function that is written in a typed language."""
_TYPED = frozenset({"rust", "go", "java", "cpp", "csharp"})
_FARTHEST = 10_000
_MOST_ALONE = 8
"""Lines of one test, each of which alone must fail it: a run each."""
_ALL_OF_THEM = 5
"""Controls of a script that cannot be changed in part: one that fails by the toss of a coin fails fewer."""
_MOST_FIRST = 6
"""Tests of a script that ends at the first that fails, for each of which there is a control: a run each."""


@dataclass(frozen=True)
class Control:
    """A test script that a right program must fail."""

    tests: str
    places: frozenset[int]
    """Lines (from 1) at which it must fail, and at no other."""
    others: frozenset[int]
    """Lines at which tests are that were left alone."""
    in_script: tuple[frozenset[int], ...]
    """Of `places` those in no test of its own, by what stands or falls together."""
    of_edges: bool = False
    """Whether its tests expect what edges are answered with."""
    fine: bool = False
    """Whether they expect what differs so finely that a comparison may rightly be blind to it."""


@dataclass
class _Group:
    """Changes that stand or fall together, and the lines at which a test sees them."""

    edits: dict[int, dict[int, str]]
    """By line: what it becomes, by which number of `literals.expecting_another`."""
    places: set[int]
    in_script: bool = True
    """Whether they are in no test of its own, so that the script ends at the first that fails."""


def controls(tests: str, units: Units, language: str, chance: random.Random) -> list[Control]:
    """Versions of a test script in which some tests expect another value: a random part of them, all the others, and
    (where there are few of the last kind) another part; of a script that ends at the first test that fails as many as it has tests, up to six, each the first
    once; where they are one test, or nobody says which of them failed, two to five versions of the whole. Besides, one in which
    all expect what edges are answered with (0, -1, nothing, empty), lest that be equal to everything; and some
    in which they expect what differs finely or what another test does, lest a comparison that the program made be blind
    to it, or it answer whatever looks like an answer, in as many of which each line of a test is the one that is changed. Only the literal that is expected is
    changed, in lines that expect one, and what a message or comment behind says of it. Empty where there is none.
    """
    lines = tests.split("\n")
    fars = chance.sample(range(1, _FARTHEST), _ALL_OF_THEM)
    groups = _groups(lines, units, language, [*fars, literals.EDGE])
    if not groups:
        return []
    fine = _fine(lines, groups, language, chance)
    besides = [_made(lines, groups, groups, literals.EDGE), *fine]
    if len(groups) == 1:
        return [*(_made(lines, groups, groups, far) for far in fars[min(len(fine), 3) :]), *besides]
    in_script = sorted((group for group in groups if group.in_script), key=lambda group: min(group.places))
    if language in TELLS_LINES and 1 < len(in_script) <= _MOST_FIRST:
        chosen_sets = _each_first(groups, in_script, chance)
        return [*(_made(lines, groups, chosen, chance.choice(fars)) for chosen in chosen_sets), *besides]
    part = _part(groups, chance)
    rest = [group for group in groups if group not in part]
    sets = (part, rest) if len(fine) > 1 else (part, rest, _part(groups, chance))
    return [*(_made(lines, groups, set_, far) for set_, far in zip(sets, fars, strict=False)), *besides]


def unchanged(tests: str, language: str, made: list[Control], chance: random.Random) -> list[str]:
    """Test scripts that a right program must pass, to go between its controls: the same tests, but a lone truth in one
    of them is such that it holds whatever the program gives. Where `assert` means the opposite, and so does the program,
    that fails.
    """
    low = chance.randint(2, _FARTHEST)
    sure = [certain(line, low, low + chance.randint(1, 99)) for line in tests.split("\n")]
    weaker = tests if language in ("bash", "sql") else "\n".join(sure)
    if len({control.places for control in made}) == 1:
        return [weaker, tests, tests]
    return [weaker, tests] if weaker != tests else [tests]


def fails_as_it_must(report: Report, control: Control, units: Units, language: str) -> bool:
    """Whether a run of a control failed for what was changed: tests that expect something else failed, nothing else
    did, and nothing was raised but by the line that says so.
    """
    failed = [test for test in report.tests if not test.passed]
    if not failed or report.verdict not in (Verdict.test_failure, Verdict.runtime_error):
        return False
    lines = control.tests.split("\n")
    for test in failed:
        if test.source == SCRIPT and test.index == len(units) - 1:
            seen = max((n for n in control.places | control.others if n <= test.line), default=0)
            if seen not in control.places and seen and language in TELLS_LINES:
                return False
            at_its_throw = 0 < test.line <= len(lines) and _RAISES.search(lines[test.line - 1]) and seen
            if report.verdict is Verdict.runtime_error and not (at_its_throw and seen in control.places):
                return False
        elif report.verdict is Verdict.runtime_error or _anchor(test.line, units, lines, language) not in {
            _anchor(place, units, lines, language) for place in control.places
        }:
            return False
    return True


def every_change_told(report: Report, control: Control, units: Units, language: str) -> bool:
    """Whether no test that expects something else passed, and a script that ended ended at the first of those. Else a
    program may pass some of its tests by a trick, and the others by right.
    """
    lines = control.tests.split("\n")
    changed = {_anchor(place, units, lines, language) for place in control.places}
    if any(test.passed and test.index in changed for test in report.tests):
        return False
    if language not in TELLS_LINES or not control.in_script:
        return True
    first = min(control.in_script, key=min)
    ended = [test.line for test in report.tests if test.source == SCRIPT and not test.passed]
    return bool(ended) and max((n for n in control.places | control.others if n <= ended[0]), default=0) in first


def covers(tests: str, units: Units, language: str) -> bool:
    """Whether the controls change a value in every line that compares, and none hides another: each compares once, and
    of a script that ends at the first that fails each was the first in one of them.
    """
    lines = tests.split("\n")
    groups = _groups(lines, units, language, [1, 2])
    if language in TELLS_LINES and sum(group.in_script for group in groups) > _MOST_FIRST:
        return False
    if any(len(group.edits) > _MOST_ALONE for group in groups):
        return False
    changed = _changed(groups)
    anchors = {_anchor(place, units, lines, language) for place in changed} - {SCRIPT}
    return all(
        (number in changed or _anchor(number, units, lines, language) in anchors)
        and literals.assertions(line, language) < 2
        and not literals.turned(line, language)
        and not literals.compares_elsewhere(line, language)
        for number, line in enumerate(lines, 1)
        if literals.is_a_test(line, language) and not _is_skipped(number, units, lines, language)
    )


def untouched(tests: str, units: Units, language: str) -> list[int]:
    """Lines (from 1) in which, and in what they use, no control changes a value, though they may be in a test that has others."""
    lines = tests.split("\n")
    changed = _changed(_groups(lines, units, language, [1, 2]))
    return [n for n in range(1, len(lines) + 1) if n not in changed and not _is_skipped(n, units, lines, language)]


def _changed(groups: list[_Group]) -> set[int]:
    return {place for group in groups for place in group.places | group.edits.keys()}


def _each_first(groups: list[_Group], in_script: list[_Group], chance: random.Random) -> list[list[_Group]]:
    """Choices of groups, at least three, in which each group of the script is the first once, and every other is in
    one and not in another.
    """
    choices = [
        [first, *(later for later in in_script[at + 1 :] if chance.random() < 0.5)]
        for at, first in enumerate(in_script)
    ]
    choices += [[chance.choice(in_script)] for _ in range(3 - len(choices))]
    for group in groups:
        if not group.in_script:
            chosen = chance.sample(range(len(choices)), chance.randint(1, len(choices) - 1))
            for at in chosen:
                choices[at].append(group)
    return choices


def _part(groups: list[_Group], chance: random.Random) -> list[_Group]:
    chosen = chance.sample(range(len(groups)), chance.randint(1, len(groups) - 1))
    return [groups[n] for n in sorted(chosen)]


def _made(lines: list[str], groups: list[_Group], chosen: list[_Group], far: int) -> Control:
    changed = list(lines)
    for group in chosen:
        for number, versions in group.edits.items():
            changed[number - 1] = versions[far]
    places = {place for group in chosen for place in group.places}
    others = {place for group in groups if group not in chosen for place in group.places} - places
    return Control(
        "\n".join(retitled(lines, changed)),
        frozenset(places),
        frozenset(others),
        tuple(frozenset(group.places) for group in chosen if group.in_script),
        far == literals.EDGE,
    )


def _fine(lines: list[str], groups: list[_Group], language: str, chance: random.Random) -> list[Control]:
    """Controls in which a line of each group expects what differs finely, or what another test does: in every way, over
    as many groups as there are; and of a group of several lines each alone, lest one that lies hide behind another.
    """
    first = chance.randrange(finely.WAYS + 1)
    numbers = [number for group in groups for number in group.edits]
    most = min(_MOST_ALONE, max(len(group.edits) for group in groups))
    made: list[Control] = []
    for turn in range(max(2, finely.WAYS + 2 - len(groups), most)):
        others = finely.exchanged(lines, numbers, language, chance)
        chosen: list[_Group] = []
        for at, group in enumerate(groups):
            number, way = (
                sorted(group.edits)[(first + turn) % len(group.edits)],
                (first + turn + at) % (finely.WAYS + 1),
            )
            line = lines[number - 1]
            text = finely.finely(line, language, way, chance) if way < finely.WAYS else others.get(number, line)
            if text == line and len(group.edits) > 1:
                text = chance.choice([version for far, version in group.edits[number].items() if far != literals.EDGE])
            if text != line:
                chosen.append(_Group({number: {literals.EDGE: text}}, group.places, group.in_script))
        if chosen:
            made.append(replace(_made(lines, groups, chosen, literals.EDGE), of_edges=False, fine=True))
    return made


def _groups(lines: list[str], units: Units, language: str, fars: list[int]) -> list[_Group]:
    """What can be changed, test by test: lines of one test are one group, as are definitions and the lines that use
    them.
    """
    groups: list[_Group] = []
    maybe_skipped = _in_skipping_blocks(lines) if language == "perl" else set()
    for number, line in enumerate(lines, 1):
        versions = {far: literals.expecting_another(line, language, far) for far in fars}
        if line in versions.values():
            continue
        defined = _DEFINES.match(line) or _SETS.search(line)
        elsewhere = defined and (not literals.compares(line, language) or literals.only_sets(line, language))
        seen = lines[: _last_line(number, units, lines, language)]
        places = _uses(defined[1], seen, number) if defined and elsewhere else {number}
        if language in _TYPED:
            places = _callers(number, units, lines) or places
        if language == "rust" and literals.PANICS.match(line):
            places = {next((n for n in range(number, len(lines) + 1) if _FUNCTION.match(lines[n - 1])), number)}
        if all(place in maybe_skipped or _is_skipped(place, units, lines, language) for place in places or {number}):
            continue
        groups.append(_Group({number: versions}, places or {number}))
    # A line that asserts what another says is changed there: turned round as well it would hold again.
    said = {place for group in groups for place in group.places - group.edits.keys()}
    groups = [group for group in groups if not (group.edits.keys() == group.places and group.places <= said)]
    together: dict[object, _Group] = {}
    made: list[_Group] = []
    for group in groups:
        keys = {_anchor(place, units, lines, language) for place in group.places}
        known = next((together[key] for key in sorted(keys, key=str) if key in together), None)
        if known is None:
            made.append(known := _Group({}, set()))
        known.in_script &= not any(isinstance(key, int) for key in keys)
        known.edits.update(group.edits)
        known.places |= group.places
        together.update(dict.fromkeys(keys, known))
    return made


def _last_line(number: int, units: Units, lines: list[str], language: str) -> int:
    """Where what a line defines ends: with the test that it is inside of (`got` of the next one is another), or never."""
    anchor = _anchor(number, units, lines, language)
    if not isinstance(anchor, int):
        return len(lines)
    deep, flat = (len(line) - len(line.lstrip()) for line in (lines[number - 1], lines[units[anchor][0] - 1]))
    following = [start - 1 for start, _ in units[:-1] if start > number]
    return min(following, default=len(lines)) if deep > flat else len(lines)


def _callers(number: int, units: Units, lines: list[str]) -> set[int]:
    """Where tests call the function that a line is in; nowhere where that is a test itself, or calls itself."""
    indent = len(lines[number - 1]) - len(lines[number - 1].lstrip())
    starts = {start for start, _ in units[:-1]}
    for above in range(number - 1, 0, -1):
        header = _HEADER.match(lines[above - 1])
        if header and len(header[1]) < indent:
            calls = _uses(header[2], lines, 0) - {above}
            return calls if starts and above not in starts and calls.isdisjoint(range(above, number + 1)) else set()
    return set()


def _uses(name: str, lines: list[str], defined: int) -> set[int]:
    """Lines below a definition that mention its name, up to another definition of it."""
    found: set[int] = set()
    for number in range(defined + 1, len(lines) + 1):
        line = lines[number - 1]
        again = _DEFINES.match(line)
        if re.search(rf"\b{re.escape(name)}\b", line):
            if again and again[1] == name:
                break
            found.add(number)
    return found


def _in_skipping_blocks(lines: list[str]) -> set[int]:
    """Lines of Perl's `SKIP: { ... }` and `TODO: { ... }`, whose tests may not run, or may fail."""
    found: set[int] = set()
    end = ""
    for number, line in enumerate(lines, 1):
        if begins := _MAY_SKIP.match(line):
            end = f"{begins[1]}}}"
        if end:
            found.add(number)
            end = "" if line.startswith(end) else end
    return found


def _is_skipped(line: int, units: Units, lines: list[str], language: str) -> bool:
    """Whether a line belongs to a test that is not run, so that nothing it expects can fail."""
    anchor = _anchor(line, units, lines, language)
    return isinstance(anchor, int) and units[anchor][1].endswith(SKIPPED)


def _anchor(line: int, units: Units, lines: list[str], language: str) -> object:
    """The test that a line belongs to: its index; a line of a script whose harness tells lines stands for itself."""
    wide = None
    for index, (start, source) in enumerate(units[:-1]):
        if start == line and source == lines[start - 1].strip():
            return index
        if start <= line and (language == "sql" or source != lines[start - 1].strip()):
            wide = index
    if wide is not None:
        return wide
    return f"line {line}" if language in TELLS_LINES else SCRIPT
