"""The value codec: what crosses comes back equal and of the same exact type, and bad bytes are refused."""

import collections
import datetime
import decimal
import fractions
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.inside import wire
from sandbox.inside.values.codec import CodecError, Decoder, Encoder


def refuse(value: Any) -> Any:
    raise CodecError(f"not plain: {value!r}")


def crossed(value: Any) -> Any:
    return Decoder(refuse).decode(json.loads(json.dumps(Encoder(refuse).encode(value))))


HASHABLE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False)
    | st.decimals(allow_nan=False)
    | st.fractions()
    | st.dates()
    | st.datetimes()
    | st.timedeltas()
    | st.builds(range, st.integers(-9, 9), st.integers(-9, 9), st.sampled_from([-2, 1, 3])),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=4),
    max_leaves=8,
)
VALUES = st.recursive(
    HASHABLE | st.binary().map(bytearray),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(HASHABLE, inner, max_size=4)
        | st.sets(HASHABLE, max_size=4)
        | st.lists(inner, max_size=4).map(collections.deque)
        | st.dictionaries(st.text(), st.integers(1, 9), max_size=3).map(collections.Counter)
        | st.dictionaries(st.text(), inner, max_size=3).map(collections.OrderedDict)
    ),
    max_leaves=20,
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(list("rldstifyYqnRTx/")),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=15,
)


@settings(max_examples=300)
@given(VALUES)
def test_value_comes_back_equal_and_of_the_same_type(value: Any) -> None:
    back = crossed(value)
    assert back == value and type(back) is type(value)


@settings(max_examples=300)
@given(JSON)
def test_any_json_is_a_value_or_is_refused(data: Any) -> None:
    try:
        Decoder(refuse).decode(data)
    except (CodecError, KeyError):
        return


@pytest.mark.parametrize("value", [math.inf, -math.inf, -0.0, "\ud800", "\0", slice(1, None, 2), ...])
def test_odd_value_comes_back(value: Any) -> None:
    assert repr(crossed(value)) == repr(value)


def test_huge_integer_comes_back() -> None:
    assert crossed(10**5000) == 10**5000 and crossed(-(10**5000)) == -(10**5000)


def test_nan_comes_back() -> None:
    assert math.isnan(crossed(math.nan)) and math.isnan(crossed(complex(1, math.nan)).imag)


def test_alias_and_cycle_come_back_as_such() -> None:
    shared = [1]
    loop: list[Any] = [shared, shared, {"again": shared}]
    loop.append(loop)
    back = crossed(loop)
    assert back[0] is back[1] is back[2]["again"] and back[3] is back


def test_subclass_crosses_as_the_base_value_it_holds_whatever_its_methods_say() -> None:
    def lying(base: type) -> type:
        methods = {
            name: lambda *_: 7
            for name in ("__eq__", "__int__", "__float__", "__str__", "__len__", "__iter__", "__add__")
        }
        return type("Lying", (base,), {**methods, "__hash__": lambda self: 1})

    for base, value in (
        (int, 5),
        (float, 2.5),
        (str, "ab"),
        (list, [1, 2]),
        (dict, {1: 2}),
        (set, {3}),
        (tuple, (1,)),
        (bytes, b"x"),
    ):
        back = crossed(lying(base)(value))
        assert type(back) is base and back == value


def test_standard_types_keep_their_behaviour() -> None:
    point = collections.namedtuple("point", "x y")(1, [2])
    assert crossed(point).y == [2] and crossed(point) == (1, [2])
    assert crossed(collections.deque([1, 2], maxlen=2)).maxlen == 2
    assert crossed(decimal.Decimal("1.10")).as_tuple().exponent == -2
    assert crossed(fractions.Fraction(2, 6)).denominator == 3
    assert crossed(datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC)).tzinfo is not None


def test_a_defaultdict_keeps_its_factory_and_a_refilled_one_too() -> None:
    def by_name(value: Any) -> list[Any]:
        return ["b", value.__name__]

    made: Any = collections.defaultdict(list, {1: 2})
    encoder = Encoder(by_name)
    back = Decoder(lambda data: {"list": list}[data[1]]).decode(encoder.encode(made))
    assert back == made and back[7] == []
    target: Any = collections.defaultdict(list, {5: [6]})
    Decoder(lambda data: list, [target]).refill(target, encoder.contents(made))
    assert target == made and target.default_factory is list
    with pytest.raises(CodecError, match="factory"):
        Decoder(refuse).decode(["F", 3])


def test_a_value_of_a_class_of_its_own_crosses_with_a_reference_and_a_changing_one_as_a_reference_alone() -> None:
    number, items = type("Own", (int,), {})(5), type("Own", (list,), {})([1])
    encoder = Encoder(lambda value: ["h", 1, None], refers=True)
    assert encoder.encode(number) == ["v", ["h", 1, None], 5]
    assert encoder.encode(items) == ["h", 1, None, "list"]


def test_value_nested_too_deeply_is_refused_on_both_sides() -> None:
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    with pytest.raises(CodecError, match="levels deep"):
        Encoder(refuse).encode(deep)
    data: list[Any] = ["l"]
    for _ in range(300):
        data = ["l", data]
    with pytest.raises(CodecError):
        Decoder(refuse).decode(data)


def test_contents_refill_a_container_in_place() -> None:
    items: list[Any] = [1, 2]
    encoder = Encoder(refuse)
    encoder.encode(items)
    items.append(items)
    target: list[Any] = [0]
    Decoder(refuse, [target]).refill(target, encoder.contents(items))
    assert target[:2] == [1, 2] and target[2] is target


def test_two_halves_of_a_letter_are_not_one_where_they_arrive() -> None:
    halves = "\ud83d" + "\ude00"
    assert wire.parse(wire.pack([halves, "\U0001f600"])[4:]) == [halves, "\U0001f600"]


def test_what_is_no_number_is_noted_wherever_it_stands() -> None:
    for value in (math.nan, complex(0, math.nan), decimal.Decimal("NaN"), [1, {"a": (2.0, math.nan)}]):
        decoder = Decoder(refuse)
        decoder.decode(Encoder(refuse).encode(value))
        assert decoder.no_number, value
    decoder = Decoder(refuse)
    decoder.decode(Encoder(refuse).encode([math.inf, decimal.Decimal("-Infinity"), "nan", 0.0]))
    assert not decoder.no_number
