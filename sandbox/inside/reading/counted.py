"""A test script's comparisons, loops and what takes values together, rewritten so that each says whether it looked at
something. Runs in the container, in the tests' own process.
"""

import ast
import copy
from collections.abc import Mapping
from typing import Any

from sandbox.inside.compared import OPPOSITE, WATCHED
from sandbox.inside.crossing.operations import INSPECTED
from sandbox.inside.reading.blocks import Blocks
from sandbox.inside.reading.calls import (
    CLOSE,
    LOOKS_FOR,
    OF_ONE_SHAPE,
    OVER_ARRAYS,
    WITHIN,
    asked_by,
    built_by_name,
    call,
    constants_held,
    hold,
    instead,
    later,
    lent,
    looked_up,
    sided,
    telling,
)
from sandbox.inside.reading.handed import answered, in_order
from sandbox.inside.reading.sides import (
    assigned,
    both_answers,
    can_be_made_again,
    compared,
    given_what_is_read,
    is_harmless,
    is_of_itself,
    is_truth,
    meant_once,
    names_in,
    names_in_a_function,
    names_read,
    names_written,
    runs,
    said_to_be_nothing,
    searched,
    sliced,
    states_compared,
    truths,
    walk,
)
from sandbox.inside.reading.standing import Standing
from sandbox.inside.reading.truths import is_a_value, is_always_true, told_in_truths
from sandbox.inside.values.entrusted import CALCULATES, COMPUTED

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Counted(Blocks):
    """Every comparison of the script says that it was made, so that a test that made none is seen: `assert`, calls of
    `assert...` and `raises`, and an exception that the script catches. `all` over nothing, and `not any`, make none;
    where a function of the script compares, what it says counts for nothing and its comparisons do.
    """

    def __init__(self, comparing: set[str], own: Mapping[str, Function], theirs: set[str]) -> None:
        self.comparing = comparing
        self.own = own
        """Functions of the script: where one is called `assert_close`, what it asserts counts, not that it was called."""
        self.theirs = theirs
        self.met = set[str]()
        """Names of answers that meet another answer."""
        self.bound = set[str]()
        """Names that the script gives a meaning, anywhere in it."""
        self.truths = set[str]()
        self.nothing = set[str]()
        """Names of which the script asserts that they hold nothing, or are true or not."""
        self.meant: Mapping[str, ast.expr] = {}
        """What is meant by a name that is given one meaning."""
        self.answered: Mapping[str, set[str]] = {}
        """By function of the script the parameters to which it hands answers."""
        self.told = set[str]()
        """Functions of the script that compare, of whose word alone a test is made."""
        self.states: Mapping[str, ast.expr] = {}
        self.inside = self.asserted = self.looped = self.branched = False
        """In a function that compares; in what is asserted; in a loop; in what an `if` decides."""

    def visit_Module(self, node: ast.Module) -> ast.AST:
        nodes = list(walk(node))
        pairs, self.truths, self.bound = compared(nodes), truths(nodes), names_written(nodes)
        self.nothing, self.meant = self.truths | said_to_be_nothing(pairs), meant_once(nodes)
        self.told = told_in_truths(nodes, self.own, self.comparing)
        self.answered = answered(nodes, self.own, self.theirs)
        self.states = states_compared(pairs, self.theirs)
        self.met = both_answers(pairs, self.theirs)
        standing = Standing(nodes)
        return standing.visit(self.generic_visit(node)) if standing.several else self.generic_visit(node)

    def visit_FunctionDef(self, node: Function) -> ast.AST:
        before = self.inside, self.looped, self.theirs, self.states, self.meant
        self.inside, self.looped = self.inside or node.name in self.comparing, False
        told = node.name in self.told and not any(isinstance(part, ast.Yield | ast.YieldFrom) for part in walk(node))
        self.theirs = names_in_a_function(node, self.theirs | self.answered.get(node.name, set()))
        nodes = list(walk(node))
        pairs, own = compared(nodes), names_written(nodes)
        self.meant = {**{name: of for name, of in self.meant.items() if name not in own}, **meant_once(nodes)}
        self.states = states_compared(pairs, self.theirs)
        self.met = self.met | both_answers(pairs, self.theirs)
        self.generic_visit(node)
        self.inside, self.looped, self.theirs, self.states, self.meant = before
        node.body = telling(node) if told else node.body
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Assign(self, node: Any) -> ast.AST:
        """`got = double(b)`, which is compared with what is made of `b`; `ok = all_prime(got)`."""
        parts = assigned(node)
        for at, (target, value) in enumerate(parts):
            state = self.states.get(getattr(target, "id", ""))
            names = None if state is None else given_what_is_read(value, state, self.theirs)
            if state is not None and names is not None:
                parts[at] = (target, lent(value, state, names))
            elif (
                getattr(target, "id", "") in self.truths and runs(value) in self.comparing and can_be_made_again(value)
            ):
                parts[at] = (target, call("_lab_told", later(value)))
        for at, (target, value) in enumerate(parts):
            if names_in(target) & self.met:
                built_by_name(value, self.bound, self.own)
            if getattr(target, "id", "") in self.nothing:
                parts[at] = (target, self._whether(value))
        if len(parts) > 1:
            node.value.elts = [value for _, value in parts]
        elif parts:
            node.value = parts[0][1]
        return self.generic_visit(node)

    visit_AnnAssign = visit_Assign

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        """`roots *= roots`, of an array whose numbers may run over."""
        sign, name = type(node.op).__name__, getattr(node.target, "id", "")
        again = name in self.theirs and sign in COMPUTED and can_be_made_again(node.value)
        again = again and not any(isinstance(inner, ast.Call) for inner in walk(node.value))
        value = copy.deepcopy(node.value)
        made = self.visit_Assign(node)
        if not again:
            return made
        return [ast.Expr(call("_lab_in_place", ast.Constant(sign), ast.Name(name, ast.Load()), value)), made]

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        alike = False
        part: list[ast.expr] = []
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
            pair = [node.left, node.comparators[0]]
            part = self._weighed(pair)
            self._named(pair)
            alike = self.asserted
            node.left, node.comparators = pair[0], [pair[1]]
        self.generic_visit(node)
        sides = [node.left, node.comparators[0]]
        if alike and node.__dict__.get("_lab_all"):
            sides = self._broad(sides)
        made: ast.expr = call("_lab_same", call("_lab_now"), *sides) if alike else node
        signs = [type(op).__name__ for op in node.ops]
        if len(signs) == 1 and signs[0] in WATCHED:
            made = call("_lab_order", ast.Constant(signs[0]), node.left, node.comparators[0])
        elif all(sign in OPPOSITE for sign in signs) and all(map(is_harmless, node.comparators[1:])):
            made = call(
                "_lab_chain",
                ast.Tuple([ast.Constant(sign) for sign in signs], ast.Load()),
                node.left,
                *node.comparators,
            )
        return call("_lab_made", made, *part) if self.inside else made

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        self.asserted = True
        self.generic_visit(node)
        self.asserted = False
        node.test = call("_lab_held", node.test if is_always_true(node.test) else self._judged(node.test))
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        self.generic_visit(node)
        if node.exc is not None and "'AssertionError'" in ast.dump(node.exc):
            node.exc = call("_lab_failed", node.exc)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name.startswith("assert"):
            in_order(node)
        if name in ("raises", "assertRaises", "assertRaisesRegex", "suppress") and node.args and name not in self.own:
            node.args[0] = call("_lab_expects", node.args[0])
        if self.inside and name in ("all", "any") and isinstance(node.func, ast.Name) and len(node.args) == 1:
            node.args = [call("_lab_each", node.func, node.args[0])]
        counts = (name.startswith("assert") and name not in self.own) or name == "raises"
        over = name in ("all", "any") and isinstance(node.func, ast.Name)
        before, self.asserted = self.asserted, (self.asserted or counts) and not over
        first = 2 if name == "_lab_compare" else 0
        close = name in CLOSE and before and len(node.args) > 1
        if close:
            pair = node.args[:2]
            self._weighed(pair)
            node.args[:2] = pair
        if (first and getattr(node.args[0], "value", "") in ("Eq", "Is")) or (
            name.endswith(("Equal", "assertIs")) and len(node.args) > 1
        ):
            pair = node.args[first : first + 2]
            self._weighed(pair)
            self._named(pair)
            node.args[first : first + 2] = pair
        self._ask(node, name)
        if name == "all":
            of = node.args[0] if node.args else getattr(node.func, "value", node)
            of.__dict__["_lab_all"] = True
        self.generic_visit(node)
        self.asserted = before
        says = name in ("assertEqual", "assertIs") and len(node.args) > 1 and any(map(is_truth, node.args[:2]))
        if says and is_truth(node.args[0]):
            node.args[:2] = [node.args[1], node.args[0]]
        if name in ("assertTrue", "assertFalse") and len(node.args) > 1 and is_a_value(node.args[1]):
            return node
        if (name in ("assertTrue", "assertFalse") or says) and node.args:
            node.args[0] = self._judged(node.args[0])
            return node
        if name in OF_ONE_SHAPE and name not in self.own and len(node.args) > 1:
            node.args[:2] = self._broad(node.args[:2])
        if name in OVER_ARRAYS and not (isinstance(node.func, ast.Name) and name in ("all", "any", "sum")):
            instead(node, "_lab_arrays")
        elif name in ("zip", "map", "max", "min") and isinstance(node.func, ast.Name) and not sliced(node):
            at = self._beside_written(node.args) if name == "zip" and not node.keywords else None
            node.args[:0] = [] if at is None else [ast.Constant(at)]
            instead(node, "_lab_most" if name in ("max", "min") else "_lab_zip" if at is None else "_lab_zipped")
        elif name in ("skipif", "skipIf", "skipUnless") and node.args and self._uses(node.args[0]):
            node.args[0] = call("_lab_left_out", node.args[0])
        elif name in WITHIN and len(node.args) > 1:
            instead(node, "_lab_near")
        elif (name in INSPECTED or name in ("isinstance", "issubclass", "hasattr", "callable")) and node.args:
            instead(node, "_lab_has")
        elif name in ("issubset", "issuperset", "isdisjoint") and len(node.args) == 1:
            instead(node, "_lab_part")
        sided(node, name)
        return call("_lab_made", node) if counts else node

    def _beside_written(self, pair: list[ast.expr]) -> int | None:
        """Which of two is an answer, where the other is of the tests' own and not what the program is given."""
        meant = [self.meant.get(side.id, side) if isinstance(side, ast.Name) else side for side in pair]
        for at in (0, 1) if len(pair) == 2 else ():
            known = not isinstance(meant[at], ast.Name) and not self._uses(pair[1 - at])
            written = known or isinstance(meant[1 - at], ast.List | ast.Tuple)
            if written and self._uses(pair[at]) and not names_read(pair[1 - at]) & names_read(meant[at]):
                return at
        return None

    def _ask(self, node: ast.Call, name: str) -> None:
        """Calls that say of an empty answer what they say of a right one."""
        at = searched(node, name, self.theirs)
        module = getattr(node.func.value, "id", "") if isinstance(node.func, ast.Attribute) else ""
        if at is not None:
            node.args[at] = call("_lab_filled", node.args[at])
        elif (name in ("filter", "filterfalse") and len(node.args) == 2 and self.asserted) or (
            name == "reduce" and len(node.args) == 3
        ):
            node.args[1] = self._some(node.args[1])
        elif name in ("sum", "fsum", "prod") and node.args and module in ("", "math"):
            node.args[0] = self._some(node.args[0])
        elif name in LOOKS_FOR and isinstance(node.func, ast.Attribute) and node.args and self._uses(node.args[0]):
            node.args[0] = call("_lab_filled", node.args[0])
        elif name in ("format", "format_map", "vformat") and isinstance(node.func, ast.Attribute):
            node.func.value = call("_lab_template", node.func.value) if self._uses(node.func.value) else node.func.value
            node.args = [call("_lab_template", item) if self._uses(item) else item for item in node.args]
        elif name == "execute" and isinstance(node.func, ast.Attribute) and node.args and self._uses(node.args[0]):
            instead(node, "_lab_stated")
        elif name in ("timeit", "repeat", "Timer") and node.args and self._uses(node.args[0]):
            instead(node, "_lab_timed")
        elif (
            name in ("float", "Decimal") and isinstance(node.func, ast.Name) and node.args and self._uses(node.args[0])
        ):
            instead(node, "_lab_number")
        elif name in CALCULATES and isinstance(node.func, ast.Attribute) and self._uses(node):
            instead(node, "_lab_calculated")
        elif name == "difference" and self.asserted and isinstance(node.func, ast.Attribute):
            node.func.value = call("_lab_filled", node.func.value) if self._uses(node.func.value) else node.func.value
        elif name in ("max", "min") and self.asserted and any(word.arg == "default" for word in node.keywords):
            node.args[:1] = map(self._some, node.args[:1])

    def _some(self, items: ast.expr) -> ast.expr:
        """What is taken together, where it is an answer: a comprehension over an answer may well leave nothing of it."""
        if isinstance(items, ast.GeneratorExp | ast.ListComp | ast.SetComp):
            over = items.generators[0]
            if self._uses(over.iter):
                over.iter = call("_lab_stream" if over.is_async else "_lab_some", over.iter)
            return items
        if isinstance(items, ast.DictComp):
            items.generators[0].iter = self._some(items.generators[0].iter)
            return items
        filters = isinstance(items, ast.Call) and getattr(items.func, "id", "") in ("filter", "zip", "_lab_some")
        return call("_lab_some", items) if self._uses(items) and not filters else items

    def _whether(self, value: ast.expr) -> ast.expr:
        """What is wrong of an answer, or whether anything is, as it is kept in a name."""
        function = getattr(value.func, "id", "") if isinstance(value, ast.Call) else ""
        if isinstance(value, ast.UnaryOp):
            value.operand = self._whether(value.operand)
        elif isinstance(value, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            return self._some(value)
        elif isinstance(value, ast.Call) and function in ("any", "all") and len(value.args) == 1:
            value.args = [self._some(value.args[0])]
        elif isinstance(value, ast.Call) and function in ("filter", "filterfalse") and len(value.args) == 2:
            value.args[1] = self._some(value.args[1])
        elif (
            isinstance(value, ast.Call) and function in ("list", "set", "tuple", "len", "sorted", "bool") and value.args
        ):
            value.args[0] = self._whether(value.args[0])
        elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub) and _is_a_set(value.left):
            value.left = call("_lab_filled", value.left) if self._uses(value.left) else value.left
        return value

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        of_a_set = _is_a_set(node.left)
        meets = isinstance(node.op, ast.BitAnd) and self._uses(node.left)
        takes = isinstance(node.op, ast.Sub | ast.Div)
        less = of_a_set and self.asserted and (meets or isinstance(node.op, ast.Sub))
        sign = type(node.op).__name__ if self._uses(node) else ""
        if takes:
            pair = [node.left, node.right]
            self._lend(pair)
            node.left, node.right = pair
        self.generic_visit(node)
        node.left = call("_lab_filled", node.left) if less else node.left
        return call("_lab_computed", ast.Constant(sign), node.left, node.right) if sign in COMPUTED else node

    def _held(self, node: ast.expr) -> ast.AST:
        """`[(10, OK), (99, FAILED)]`: what answers are going to meet."""
        names = {name for name, side in constants_held(node, self.bound) if self._uses(side)}
        if len(names) > 1:
            hold(node, f"{node.lineno}:{node.col_offset}", self.bound, names)
        return self.generic_visit(node)

    visit_List = visit_Tuple = visit_Set = visit_Dict = _held

    def _over(self, node: Any) -> Any:
        """A comprehension in what is asserted: those that are wrong, or whether each is right."""
        looks = node.generators[0].ifs or isinstance(getattr(node, "elt", None), ast.Compare | ast.BoolOp | ast.UnaryOp)
        if self.asserted and looks and self._uses(node.generators[0].iter):
            asked = "_lab_stream" if node.generators[0].is_async else "_lab_some"
            node.generators[0].iter = call(asked, node.generators[0].iter)
        return self.generic_visit(node)

    visit_GeneratorExp = visit_ListComp = visit_SetComp = visit_DictComp = _over

    def _named(self, pair: list[ast.expr]) -> None:
        """Of two sides that are the program's: what stands there under a name of its own, or is built by one with a capital. Where
        both are made of one answer, as `sorted(r) == list(range(len(r)))`, it must not be empty.
        """
        answers = [asked_by(side) for side in pair]
        read = [names_read(side) & self.theirs for side in pair]
        plain = [isinstance(side, ast.Name | ast.Attribute | ast.Subscript) for side in pair]
        for at in (0, 1) if all(map(self._uses, pair)) else ():
            built_by_name(pair[at], self.bound, self.own)
            pair[at] = looked_up(pair[at], answers[1 - at], self.bound)
        if not self.inside and len(read[0]) == 1 and read[0] == read[1] and not any(plain):
            pair[0] = call("_lab_beside", pair[0], *(ast.Name(name, ast.Load()) for name in read[0]))

    def _broad(self, pair: list[ast.expr]) -> list[ast.expr]:
        """Have an answer be as large as the array of the tests that it is compared with."""
        at = [place for place in (0, 1) if self._uses(pair[place]) and not self._uses(pair[1 - place])]
        plain = not any(isinstance(side, ast.Starred) for side in pair)
        return [ast.Starred(call("_lab_broad", ast.Constant(at[0]), *pair), ast.Load())] if at and plain else pair

    def _lend(self, pair: list[ast.expr]) -> bool:
        """Have an answer be compared with what its arguments were: `area(c)` beside `3 * c.r`."""
        for at in (0, 1) if all(map(self._uses, pair[:2])) else ():
            names = given_what_is_read(pair[at], pair[1 - at], self.theirs)
            if names is not None:
                pair[at] = lent(pair[at], pair[1 - at], names)
                return True
        return False

    def _weighed(self, pair: list[ast.expr]) -> list[ast.expr]:
        """Have what stands on both sides, as in `r == sorted(r)`, be looked at: where it is empty nothing is compared. In a
        function that compares, and does not assert, it is given back.
        """
        if not (self.inside or (self._uses(pair[0]) and self._uses(pair[1]))):
            return []
        if self._lend(pair):
            return []
        inner = pair
        if all(isinstance(side, ast.Call) and getattr(side.func, "id", "") == "len" and side.args for side in pair):
            inner = [side.args[0] for side in pair]  # type: ignore[attr-defined]
        for at in (0, 1):
            whole = inner[1 - at]
            whole = self.meant.get(whole.id, whole) if isinstance(whole, ast.Name) else whole
            if not is_of_itself(inner[at], whole, None if self.inside else self.theirs):
                continue
            if self.inside and not self.asserted:
                return [inner[at]] if isinstance(inner[at], ast.Name) else []
            weighed = call("_lab_filled", inner[at])
            if inner is pair:
                pair[at] = weighed
            else:
                pair[at].args[0] = weighed  # type: ignore[attr-defined]
            break
        return []


def _is_a_set(node: ast.expr) -> bool:
    """Whether it is what a difference may leave nothing of: `set(r) - known`, `Counter(r) - Counter(given)`."""
    name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
    return name in ("set", "frozenset", "Counter")
