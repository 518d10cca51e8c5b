"""The expected value in a line of tests, and how to make it another one.

No parser: a line is read by its strings, numbers, brackets and the words before them. What is handed in (arguments of a
call), indices, sizes, template arguments, messages and what a function returns stay as they are.
"""

from __future__ import annotations

import re

from sandbox.languages.another import EDGE, another, another_row, other_letters
from sandbox.languages.messages import is_message, told_again
from sandbox.languages.script import LONGEST_LINE, QUOTES, STRING, words_of
from sandbox.languages.truths import (
    ONE_TRUTH,
    closing,
    is_one_value,
    negated,
    of_a_call_and_a_value,
    without_given,
)

LITERAL = re.compile(
    r'"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])*'"
    r"|`(?:\\.|[^`\\\n])*`"
    r"|(?<![\w.#$\"'])(?:0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)"
    r"(?:[uU]?[lL]{1,2}|[uUnfFdDmM]|_?[iuf](?:8|16|32|64|128|size))?(?![\w.])"
    r"|(?<![\w$.])(?:true|false|True|False)\b"
)
_SUBSTITUTION = re.compile(r"\$\((?:[^()\"'\\]|\\.|\"(?:\\.|[^\"\\])*\"|'[^']*'|\([^()]*\))*\)")
"""Bash's `$(command)`, whose quotes are its own, also inside of quotes."""
_LEFT_ALONE = re.compile(
    r"^\s*(?:#|//|/\*|\*|--(?! =>)|(?:import|use|using|package|require|from|for|foreach|while|return(?!\s+(?:await\s+)?(?:expect|assert|\$this))|function|def|sub|"
    r"func|fn|template|class|pub|plan|diag|note|printf?|echo|puts|console\.log|fmt\.\w+)\b)|\brequire\s*\("
)
_LOOPS = re.compile(r"^\s*(?:for|foreach|while)\b")
_HAS_A_BODY = re.compile(r"^\s*(?:pub\s+)?(?:function|def|sub|func|fn)\s+[\w.]*\W.*assert")
ASSERTS = re.compile(
    r"assert|(?-i:\b(?:EXPECT|CHECK|REQUIRE)(?:_[A-Z]+)*\s*\()|expect\s*\(|refute|\bcompare\s*\(|[=!]=|\bis\w*\s*\(|(?<![$@%\w.])(?:ok|like|unlike|cmp_ok)\b(?!\s*(?:=[^=~]|\)|;))|\bis(?:nt|_deeply)?\b"
    r"|\bequals?\b|Equals?\b|^\s*\[\[?\s|^\s*test\s|^\s*SELECT\b|-(?:eq|ne)\b|\b(?:eq|ne)\b"
    r"|\.(?:must|wont)_|\b(?:if|unless)\b.*\babs\w*\s*\(.*[<>]",
    re.IGNORECASE,
)
"""Lines that compare."""
_EXPECTS = re.compile(
    r"-- =>|^\s*(?:[\w<>\[\], :*&.]+\s+)?[$@%]?(?:v\d*|\w*expect\w*|\w*want\w*)\s*:?=(?![=~])", re.IGNORECASE
)
"""Lines that say what is expected and are compared elsewhere (`v0` is MBXP's word for it)."""
_RAISES = re.compile(r"\b(?:throw|raise|die|panic|croak|exit|t\.(?:Error|Fatal)f?)\b")
_CONDITION = re.compile(r"\b(?:unless|if)\b")
_MATCHER = r"to(?:Be|Equal|StrictEqual|Throw|Match|Contain|Have|Return)\w*"
"""Jest's, and no method of what is expected (`toFixed`)."""
_NO_VALUE = re.compile(r"\b(?:assert|refute)_predicate\b|^(?!.*\bassert(?!Throws)).*\bassertThrows\w*\(")
"""Assertions of what is given alone: it has a property, or is refused."""
_TAKES_NOTHING_IN = re.compile(
    r"(?:assert\w*!?|(?:EXPECT|ASSERT|CHECK|REQUIRE)(?:_[A-Z]+)*|refute\w*|expect|\w*[eE]quals?\w*|\w*[sS]ame|\w*[nN]ear|[cC]ompare\w*|eql\?|ok|is|isnt|is_deeply|"
    rf"like|unlike|cmp_ok|{_MATCHER}|That|AreEqual|AreNotEqual|IsTrue|IsFalse|True|False|if|unless|elsif|elif|and|or|not|"
    r"return|[aA]bs|fabs|valueOf|of|asList|from|String|Some|Ok|Err|vec!|array|Array|List|Map|Set|BigInt|string|vector|objectContaining|"
    r"stringify|inspect|json_encode|to_json|dumps|pair|make_pair|tuple|make_tuple|map|set|optional|Optional|Decimal|Double|Integer|Long|Float|Boolean|IN|VALUES|EXISTS)"
)
"""Words before a bracket whose content is not what the program gets."""
_NAME = re.compile(r"([A-Za-z_$][\w$]*[!?]?)\s*(?:::)?(?:<[^()]*>)?\s*$")
_TEMPLATE_NUMBER = re.compile(r"[\w>]\s*<[^<>;=]*?,?\s*$")
PANICS = re.compile(r"^(\s*#\[should_panic)(?:\s*\(\s*expected\s*=\s*(\"(?:\\.|[^\"\\])*\")\s*,?\s*\))?(\s*\].*)$")
"""Rust's word for a test that must panic, and what the panic must say."""
_PANIC = '"panicked"'
_PATTERN = re.compile(r"\bqr/(?:\\.|[^/\\\n])*/")
_OPERATOR = re.compile(r"(['\"])(?:[=!<>]=?|[=!]~|eq|ne|[lg][te]|&&|\|\|)\1")
"""Perl's operators as a text, for `cmp_ok`."""
_ORDERED = re.compile(r"\bcmp_ok\b.*,\s*['\"]([<>]=?|[lg][te])['\"]\s*,")
_NOT_ORDERED = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "lt": "ge", "gt": "le", "le": "gt", "ge": "lt"}
_GIVES_UP = re.compile(r"(?<=\.)expect(?=(?:_err)?\s*\()")
"""Rust's `value.expect("...")`, whose text is what a panic says and nothing that is expected."""
_SAYS = (
    (re.compile(r"\bassert\.throws\((?!.*,\s*\{)"), "assert.doesNotThrow("),
    (re.compile(r"\bassert\.doesNotThrow\("), "assert.throws("),
    (re.compile(rf"\)\.(?={_MATCHER}\()"), ").not."),
    (re.compile(r"\bassert\.deep(?=(?:Strict)?Equal\()"), "assert.notDeep"),
    (re.compile(r"\bassert\.strictEqual(?=\()"), "assert.notStrictEqual"),
    (re.compile(r"\bassert\.equal(?=\()"), "assert.notEqual"),
    (re.compile(r"\bassert_eq!"), "assert_ne!"),
)
_SAYS_IN = {
    "ruby": ((re.compile(r"\bassert_equal\b"), "refute_equal"),),
    "perl": (
        (re.compile(r"(?<![\w$@%>:])is(?=\s*[(\s])"), "isnt"),
        (re.compile(r"(?<![\w$@%>:])unlike(?=\s*[(\s])"), "like"),
        (re.compile(r"(?<![\w$@%>:])like(?=\s*[(\s])"), "unlike"),
    ),
}
"""What says of a value something that is no literal, and its opposite."""
_DENIES_BY_WORD = (
    (re.compile(rf"\)\.not\.(?={_MATCHER}\()"), ")."),
    (re.compile(r"\bassert\.notStrict(?=\w+\()"), "assert.strict"),
    (re.compile(r"\bassert\.notDeep(?=\w+\()"), "assert.deep"),
    (re.compile(r"\bassert\.notEqual(?=\()"), "assert.equal"),
    (re.compile(r"\b(assert|Are)Not(?=(?:Equals?|Same|Null|Contains|Count)\()"), r"\1"),
    (re.compile(r"\bassertStringNot(?=ContainsString)"), "assertString"),
    (re.compile(r"\bassertArrayNot(?=HasKey\()"), "assertArray"),
    (re.compile(r"\bassertDoesNotMatch(?=RegularExpression\()"), "assertMatches"),
    (re.compile(r"\bassertMatches(?=RegularExpression\()"), "assertDoesNotMatch"),
    (re.compile(r"\brefute_(?=(?:equal|includes|in_delta|in_epsilon|match)\b)"), "assert_"),
    (re.compile(r"^(\s*)refute(?=[ (])"), r"\1assert"),
    (re.compile(r"\bassertFalse(?=\()"), "assertTrue"),
    (re.compile(r"\b(Assert\.(?:Is)?)False(?=\()"), r"\1True"),
    (re.compile(r"\bassert_ne!"), "assert_eq!"),
    (re.compile(r"\bNot\.(?=EqualTo\()"), ""),
    (re.compile(r"\b((?:EXPECT|ASSERT|CHECK|REQUIRE)_(?:STR)?)NE(?=\()"), r"\1EQ"),
    (re.compile(r"\b(EXPECT|ASSERT)_FALSE(?=\()"), r"\1_TRUE"),
    (re.compile(r"\b(CHECK|REQUIRE)_FALSE(?=\()"), r"\1"),
)
_DENIES = (
    *_DENIES_BY_WORD,
    (re.compile(r"^(\s*)isnt(?=\s*\()"), r"\1is"),
    (re.compile(r"^(\s*(?:console\.)?assert(?:\.ok)?[ (][^&|]*)!=(?=[^&|]*$)"), r"\1=="),
    (re.compile(r"^(\s*\[\[?\s[^&|]*)!=(?=[^&|]*\]\]?\s*(?:\|\|.*)?$)"), r"\1="),
)
"""What says that a value is not another, which few others are, and its opposite."""
_ASSERTION = re.compile(
    r"(?<![\w.])(?:console\.|Assert\.)?(?:assert\w*(?:\.\w+)*!?|(?:EXPECT|ASSERT|CHECK|REQUIRE)(?:_[A-Z]+)*|refute\w*|expect)\s*\("
)
_BARE_WORD = re.compile(r"(?:\s[!=]=?|^\s*assert_equal\s.*)\s+([A-Za-z][\w.,:-]*)(?=\s*(?:\]|$|\|\|))")
"""Bash's text without quotes, where it is expected."""
_INEQUALITY = re.compile(
    r"\s[<>]=?\s|\s-(?:lt|gt|le|ge)\s|[:\"'][<>]=?[\"']?\s*,|(?:Greater|Less)(?:Than|OrEqual)|\b[A-Z]+_[GL][TE]\b"
)
_EQUALITY = re.compile(r"[=!]==?(?!=)|\s=\s|\b(?:eq|ne)\b|-(?:eq|ne)\b")
_ASKS = re.compile(r"\s*assert\s+(?!test\b)[A-Za-z_](?!.*\s(?:[!=]?=|-(?:eq|ne))\s)")
"""Bash's `assert is_prime 7`, where nothing is expected but that it succeeds."""
_IS_ASKED = re.compile(r"\s*(?:\.|\)?->)\s*\w")
_SIZES = re.compile(r"(?i)\b(?:LIMIT|OFFSET|(?:ORDER|GROUP)\s+BY)\b")
_MATCHES = re.compile(
    r"\b(?:toThrow\w*|like|unlike|match\w*|toMatch)\b|=~|[cC]ontain|[iI]nclude|[wW]ith\b|_with\?|Has(?:Key|Attribute|Property)\b|toHaveProperty"
)
_HASH = frozenset({"bash", "perl", "ruby", "php"})
_NEAR = re.compile(r"\btoBeCloseTo\(.*,\s*$"), re.compile(r"(?i)delta|near|close|approx")
_SIGN = re.compile(r"(?:^|[-(\[{,=<>!&|:?]\s*|\s)-$")
_DYNAMIC = frozenset({"javascript", "php", "ruby"})
"""Languages that compare values of any two types."""
_NOTHING = re.compile(r"(?<![\w.$\])])(?:null|nil|undefined|NaN|NULL|\[\s*\]|\{\s*\})(?!\w)")
_ANSWERS = ("0", "-1", "false")
_SAY_NOTHING = (
    (re.compile(r"(?<=\)\.)(?:toBeNull|toBeUndefined|toBeNaN)\(\s*\)"), "toBe({0})"),
    (re.compile(r"\bassert_nil(?=\s)"), "assert_equal {0},"),
    (re.compile(r"\bassert_nil\(\s*"), "assert_equal({0}, "),
)
"""Assertions that a value is nothing, and that it is a number: what says `refute` or `not` in their place tells of a
control, and a program may make it fail."""


def expecting_another(line: str, language: str, far: int) -> str:
    """The line with another expected value, the line itself where it expects none. Which value follows from `far`, from
    1; it is one that a program which sees the line cannot tell from the one that stood there: of the same kind, length
    and letters, and not far away. With EDGE for `far` it is one that edges are answered with.
    """
    if language == "sql" and line.lstrip().startswith("-- =>"):
        return another_row(line, far)
    if language == "rust" and (panics := PANICS.match(line)):
        was = panics[2] or _PANIC
        said = other_letters(was, 1 if far == EDGE else far, None)
        return f"{panics[1]}(expected = {said}){panics[3]}"
    if language == "perl" and (asked := _ORDERED.search(line)):
        return f"{line[: asked.start(1)]}{_NOT_ORDERED[asked[1]]}{line[asked.end(1) :]}"
    whole = line
    if (read := _read(line, language)) is None or (language == "bash" and _ASKS.match(line)):
        return whole
    line, masked, span = read
    inner = masked[span[0] : span[1]]
    compared = _EQUALITY.search(inner) or not _INEQUALITY.search(inner)
    bounded = re.search(r"\b[aA]bs\w*\s*\(|fabs", inner) and _INEQUALITY.search(inner)
    if bounded:
        span = (span[0], span[0] + bounded.start())
    changed = whole
    thrown = _RAISES.search(masked)
    says = _SAYS_IN.get(language, _SAYS)
    if (language == "bash" or not thrown) and (denied := _replaced(whole, masked, _DENIES)):
        return denied
    denied_truth = ONE_TRUTH.match(whole)
    if denied_truth and denied_truth[2].lstrip().startswith("!") and is_one_value(masked, denied_truth):
        return f"{denied_truth[1]}{negated(denied_truth[2])}{denied_truth[3]}"
    if compared or bounded:
        found = _found(line, masked, span, language)
        found = found[-1:] if language == "sql" else found  # each value of a row that is asked for must tell alone
        if found and _NEAR[len(found) > 1].search(masked[: found[-1].start()]):
            found = found[:-1]
        found = _without_messages(whole, masked, found, language)
        if far == EDGE and language in _DYNAMIC and (whole_list := _list_around(masked, found, language)):
            return _edited(whole, masked, [(*whole_list, "[]")], language)
        changed = _edited(whole, masked, _others(masked, found, language, far), language)
    if changed == whole and language in _DYNAMIC:
        changed = _something(whole, masked, language, far)
    if changed == whole and (truth := ONE_TRUTH.match(whole)) and is_one_value(masked, truth):
        return f"{truth[1]}{negated(truth[2])}{truth[3]}"
    if changed == whole and language == "bash" and (bare := _BARE_WORD.search(masked)):
        word = slice(*bare.span(1))
        return f"{whole[: word.start]}{other_letters(whole[word], far, None)}{whole[word.stop :]}"
    return changed if changed != whole else _replaced(whole, masked, says) or whole


def expected(line: str, language: str, unless: re.Pattern[str]) -> list[re.Match[str]]:
    """The literals that a line asks for, in their order; none where it asks by an order (`<`), or holds besides its
    strings and its comment what `unless` looks for.
    """
    if (read := _read(line, language)) is None or language == "sql":
        return []
    bare, masked, span = read
    inner = masked[span[0] : span[1]]
    if unless.search(masked) or (_INEQUALITY.search(inner) and not _EQUALITY.search(inner)):
        return []
    return _without_messages(line, masked, _found(bare, masked, span, language), language)


def _read(line: str, language: str) -> tuple[str, str, tuple[int, int]] | None:
    """A line (in Bash what is run in it blanked), the same without its strings, and where in it the expected value can
    be; None where it expects none.
    """
    if language == "bash":
        line = _SUBSTITUTION.sub(lambda match: "$" + "_" * (len(match[0]) - 1), line)
    masked = _masked(line, language)
    alone = len(line) > LONGEST_LINE or (_LEFT_ALONE.search(line) and not _HAS_A_BODY.search(masked))
    alone = alone or _NO_VALUE.search(masked) is not None
    if alone or not (ASSERTS.search(masked) or _EXPECTS.search(masked)) or (span := _span(masked)) is None:
        return None
    end = _SIZES.search(masked) if language == "sql" else re.search(r"\)\s*<<", masked) if language == "cpp" else None
    return line, masked, (span[0], end.start()) if end else span


def _without_messages(line: str, masked: str, found: list[re.Match[str]], language: str) -> list[re.Match[str]]:
    truth = ONE_TRUTH.match(line)
    if truth and is_one_value(masked, truth):
        found = [match for match in found if match.start() < truth.start(3)]
    return [match for match in found if not is_message(masked, match, language)]


def said_again(line: str, at: int, was: str, other: str, language: str) -> str:
    """The line in which a message or comment behind `at` says of an expected value what was made of that."""
    place = told_again(line, at, was, _handed_in(_masked(line, language), language), [])
    return f"{line[: place[0]]}{words_of(other)}{line[place[1] :]}" if place else line


def _others(masked: str, found: list[re.Match[str]], language: str, far: int) -> list[tuple[int, int, str]]:
    """Where the literals found begin and end, and what each becomes: those that differ, differ again."""
    matches = _MATCHES.search(masked) is not None
    edits: list[tuple[int, int, str]] = []
    taken: dict[str, str] = {}
    for nth, match in enumerate(found):
        # Literals of one line go different ways: `f(2) + 1 == 5` must not hold again.
        one = nth if len(found) > 1 or (matches and far == EDGE) else None
        others = (another(match[0], far + more, language, one) for more in range(10 if one is not None else 1))
        other = next((other for other in others if taken.setdefault(other, match[0]) == match[0]), match[0])
        begin = match.start()
        if other == "0" and (sign := _SIGN.search(masked[:begin])):  # no test says -0
            begin, other = sign.end() - 1, str(far % 2)
        if matches and match[0][0] in QUOTES:  # a pattern with another letter may match as well
            other = f"{match[0][:-1]}{chr(ord('a') + far % 26)}{match[0][-1]}"
        edits.append((begin, match.end(), other))
    return edits


def _edited(line: str, masked: str, edits: list[tuple[int, int, str]], language: str) -> str:
    """The line with other values, of which its messages and its comment tell too."""
    inside = _handed_in(masked, language)
    told = [
        (*place, words_of(other))
        for begin, end, other in edits
        if (place := told_again(line, end, line[begin:end], inside, edits))
    ]
    for begin, end, other in sorted({place[0]: place for place in [*told, *edits]}.values(), reverse=True):
        line = line[:begin] + other + line[end:]
    return line


def _list_around(masked: str, found: list[re.Match[str]], language: str) -> tuple[int, int] | None:
    """Where the list begins and ends that all the literals found are in; None where they are in none."""
    for opening in re.finditer(r"(?<![\w)\]$])\[", masked[: found[0].start()] if found else ""):
        end = closing(masked, opening.start())
        if found[-1].end() <= end < len(masked) and not _handed_in(masked, language)[opening.start()]:
            return opening.start(), end + 1
    return None


def _something(line: str, masked: str, language: str, far: int) -> str:
    """The line with another value where it expects nothing or an empty list or map: one that answers such a question as
    well, lest a program give all of these at once; but a value that no loose comparison takes for the same.
    """
    strict = language == "ruby" or re.search(r"[=!]==|[sS]trict|\bto[A-Z]\w*\(", masked)
    for pattern, other in _SAY_NOTHING:
        if found := pattern.search(masked):
            return line[: found.start()] + other.format(_ANSWERS[far % 3]) + line[found.end() :]
    inside = _handed_in(masked, language)
    for match in reversed([*_NOTHING.finditer(masked, *(_span(masked) or (0, 0)))]):
        if not inside[match.start()] and not re.match(r"\s*[.\[]", masked[match.end() :]):
            opening, item = match[0][0], 1 + far % 3
            alike = f"[{item}]" if opening == "[" else f"{{a: {item}}}" if opening == "{" else str(item)
            other = _ANSWERS[far % 5] if strict and (far % 5 < 3) else alike
            return line[: match.start()] + other + line[match.end() :]
    return line


def _replaced(line: str, masked: str, table: tuple[tuple[re.Pattern[str], str], ...]) -> str | None:
    """The line with what the first pattern that is in it stands for."""
    for pattern, opposite in table:
        if found := pattern.search(masked):
            # Strings are masked, character for character: what is kept is taken from the line.
            kept = found.end(1) if found.re.groups and found.end(1) > 0 else found.start()
            said = found.expand(opposite)[len(found[1]) if found.re.groups else 0 :]
            return line[:kept] + said + line[found.end() :]
    return None


def turned(line: str, language: str) -> bool:
    """Whether a control says of a line that it is not so, by another word, since it has no value to change. A program
    that gives both words its own meaning passes the one and fails the other.
    """
    if language == "bash":
        return False
    if language == "perl" and _ORDERED.search(line):
        return True
    masked = _masked(line, language)
    by_word = [opposite for table in (_SAYS_IN.get(language, _SAYS), _DENIES_BY_WORD) for opposite in table]
    changed = [expecting_another(line, language, far) for far in (1, 2)]
    return any(_replaced(line, masked, (one,)) in changed for one in by_word)


def compares_elsewhere(line: str, language: str) -> bool:
    """Whether a lone truth is what a function says of a call and a value, which no control changes."""
    truth = ONE_TRUTH.match(line)
    if truth is None or expecting_another(line, language, 1) != f"{truth[1]}{negated(truth[2])}{truth[3]}":
        return False
    return of_a_call_and_a_value(_masked(line, language), truth)


def compares(line: str, language: str) -> bool:
    """Whether a line compares two values."""
    return ASSERTS.search(_masked(line, language)) is not None


def only_sets(line: str, language: str) -> bool:
    """Whether a line gives a variable what a comparison says, and some other line asserts it."""
    named = language not in ("bash", "sql") and not assertions(line, language)
    return named and not _RAISES.search(_masked(line, language))


def assertions(line: str, language: str) -> int:
    """How many assertions by name a line holds."""
    return len(_ASSERTION.findall(_masked(line, language)))


def is_a_test(line: str, language: str) -> bool:
    """Whether a line compares, and says neither what is thrown nor what is made, loaded or defined."""
    masked = _masked(line, language)
    alone = _LEFT_ALONE.search(line) and not (_LOOPS.search(line) and assertions(line, language))
    return not alone and _span(masked) is not None and ASSERTS.search(masked) is not None


def _masked(line: str, language: str) -> str:
    """The line with its strings and its trailing comment blanked, character for character."""
    masked = STRING.sub(lambda match: match[0][0] + "_" * (len(match[0]) - 2) + match[0][-1], line)
    if language == "perl":
        masked = _PATTERN.sub(lambda match: f"qr/{'_' * (len(match[0]) - 4)}/", masked)
    if language == "rust":
        masked = _GIVES_UP.sub("unwrap", masked)
    comment = re.search(r"(?:^|\s)#.*$" if language in _HASH else r"//.*$", masked)
    if language == "php" and comment is None:
        comment = re.search(r"//.*$", masked)
    return masked if comment is None else masked[: comment.start()].ljust(len(line))


def _span(masked: str) -> tuple[int, int] | None:
    """Where in the line the expected value can be: not in what is thrown."""
    thrown = _RAISES.search(masked)
    if thrown is None:
        return 0, len(masked.rstrip())
    if after := _CONDITION.search(masked, thrown.end()):
        return after.end(), len(masked.rstrip())
    before = masked[: thrown.start()]
    return (0, thrown.start()) if _EQUALITY.search(before) or _CONDITION.search(before) else None


def _found(line: str, masked: str, span: tuple[int, int], language: str) -> list[re.Match[str]]:
    """The literals of the expected value."""
    inside = _handed_in(masked, language)
    found = []
    for match in LITERAL.finditer(line, *span):
        start = match.start()
        if masked[start] != match[0][0] or inside[start] or another(match[0], 1, language) == match[0]:
            continue
        if language == "perl" and (_OPERATOR.fullmatch(match[0]) or masked[:start].rstrip().endswith(";")):
            continue  # `cmp_ok(f(1), '==', 2)`, `eval { f(1); 1 }`
        if masked[match.end() :].lstrip().startswith(">") and _TEMPLATE_NUMBER.search(masked[:start]):
            continue
        found.append(match)
    return without_given(masked, found)


def _handed_in(masked: str, language: str) -> list[bool]:
    """For each character whether it is an argument of a call or an index."""
    stack: list[bool] = []
    inside = []
    for at, character in enumerate(masked):
        inside.append(any(stack))
        if character in "([{":
            before = masked[:at]
            if character == "(":
                name = _NAME.search(before)
                called = name is not None and not _TAKES_NOTHING_IN.fullmatch(name[1])
                called |= language == "php" and name is not None and name[1] == "from"  # `Suit::from('H')`
                made = name is not None and re.search(r"\bnew\s+(?:\w+\.)*$", before[: name.start()]) is not None
                made = made and not _IS_ASKED.match(masked, closing(masked, at) + 1)  # new Stack("a").pop()
                stack.append((called and not made) or (language == "bash" and before.endswith("$")))
            elif character == "[":
                index = r"(?:[\w)\]$}]|->)$" if language == "perl" else r"[\w)\]$]$"
                stack.append(language != "bash" and bool(re.search(index, before)))
            else:
                stack.append(False)
        elif character in ")]}" and stack:
            stack.pop()
    return inside
