"""What right programs and their tests do with objects passes apart too, or is `untested`; a wrong one is never accepted."""

import asyncio

import pytest

from sandbox import Limits, Program, Proof, Sandbox, Verdict, docker_problem
from sandbox.report import Report

pytestmark = pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}")

CARRIED = {
    "an attribute of an exception's class": (
        "class ApiError(Exception):\n    status = 500\nclass NotFound(ApiError):\n    status = 404\n    @property\n"
        "    def short(self):\n        return 'no ' + self.args[0]\ndef get(key):\n    raise NotFound(key)\n",
        ("404", "500"),
        "import pytest\ndef test_get():\n    with pytest.raises(ApiError) as told:\n        get('b')\n"
        "    assert told.value.status == 404 and told.value.short == 'no b'\n    assert not hasattr(told.value, 'other')\n",
    ),
    "an exception that the tests make": (
        "class Invalid(ValueError):\n    def __init__(self, field, reason):\n        super().__init__(f'{field}: {reason}')\n"
        "        self.field = field\ndef first(error):\n    return error.field\ndef reraised(function):\n    try:\n"
        "        function()\n    except Invalid as error:\n        return error.field\n",
        ("self.field = field", "self.field = reason"),
        "import pytest\nerror = Invalid('age', 'negative')\nassert str(error) == 'age: negative'\nassert error.field == 'age'\n"
        "assert isinstance(error, ValueError)\nassert first(error) == 'age'\ndef fails():\n    raise error\n"
        "assert reraised(fails) == 'age'\nwith pytest.raises(TypeError):\n    Invalid('age')\n",
    ),
    "the name and text of a function": (
        "import functools\ndef logged(function):\n    @functools.wraps(function)\n    def call(*args):\n        call.calls += 1\n"
        "        return function(*args)\n    call.calls = 0\n    return call\n",
        ("    @functools.wraps(function)\n", ""),
        "@logged\ndef add(a, b):\n    'Adds.'\n    return a + b\nassert add(1, 2) == 3 and add.calls == 1\n"
        "assert add.__name__ == 'add' and add.__doc__ == 'Adds.'\n",
    ),
    "the parameters of a function": (
        "import inspect\ndef curry(function):\n    need = len(inspect.signature(function).parameters)\n    def take(*args):\n"
        "        if len(args) >= need:\n            return function(*args)\n        return lambda *more: take(*args, *more)\n"
        "    return take\ndef count(function):\n    return function.__code__.co_argcount\ndef call(function, **given):\n"
        "    return function(1, **given)\n",
        ("len(args) >= need", "len(args) > need"),
        "add = curry(lambda a, b, c: a + b + c)\nassert add(1)(2)(3) == 6\nassert add(1, 2)(3) == 6\n"
        "assert count(lambda a, b: a) == 2\ndef many(a, b=2, *rest, c, d=4, **more):\n    return a, b, rest, c, d, more\n"
        "got = call(many, c=3, e=5)\nassert got == (1, 2, (), 3, 4, {'e': 5})\n"
        "assert call(lambda a, b=2, c=3: (a, b, c), c=4) == (1, 2, 4)\n",
    ),
    "a coroutine function that is awaited": (
        "import asyncio\nasync def retry(function, times):\n    for left in reversed(range(times)):\n        try:\n"
        "            return await function()\n        except ConnectionError:\n            if not left:\n                raise\n"
        "async def both(one, two):\n    return [await one, await two]\n",
        ("await two]", "2]"),
        "import asyncio\ncalls = []\nasync def flaky():\n    calls.append(1)\n    await asyncio.sleep(0.001)\n"
        "    if len(calls) < 3:\n        raise ConnectionError('x')\n    return 'ok'\n"
        "assert asyncio.run(retry(flaky, 3)) == 'ok'\nassert len(calls) == 3\n"
        "async def go():\n    return await both(flaky(), flaky())\nassert asyncio.run(go()) == ['ok', 'ok']\n",
    ),
    "a task of a running loop": (
        "import asyncio\nclass Later:\n    def __init__(self):\n        self.done = []\n    def trigger(self, x):\n"
        "        return asyncio.get_running_loop().create_task(self.run(x))\n    async def run(self, x):\n"
        "        await asyncio.sleep(0)\n        self.done.append(x)\n        return x\n",
        ("append(x)", "insert(0, x)"),
        "import asyncio\nasync def go():\n    later = Later()\n    assert await later.trigger(1) == 1\n"
        "    await later.trigger(2)\n    return later.done\nassert asyncio.run(go()) == [1, 2]\n",
    ),
    "a class that the tests derive": (
        "import abc\nclass Shape(abc.ABC):\n    kinds = []\n    def __init__(self, name='shape'):\n        self.name = name\n"
        "    def __init_subclass__(cls):\n        Shape.kinds.append(cls.__name__)\n    @abc.abstractmethod\n"
        "    def area(self):\n        ...\n    def describe(self):\n        return f'{self.name} {self.area()}'\n",
        ("{self.name} {self.area()}", "{self.area()} {self.name}"),
        "import pytest\nclass Square(Shape):\n    sides = 4\n    def __init__(self, n):\n        super().__init__('square')\n"
        "        self.n = n\n    def area(self):\n        return self.n ** 2\n    def describe(self):\n"
        "        return super().describe() + '!'\n    @property\n    def around(self):\n        return self.sides * self.n\n"
        "    @classmethod\n    def of(cls, text):\n        return cls(int(text))\nsquare = Square(3)\n"
        "assert square.describe() == 'square 9!' and square.around == 12 and square.area() == 9\n"
        "assert isinstance(square, Shape) and Shape.kinds == ['Square']\nassert Square.of('2').area() == 4\n"
        "with pytest.raises(TypeError):\n    Shape()\n",
    ),
    "an attribute of a class that the tests set": (
        "class Ticket:\n    count = 0\n    def __init__(self):\n        Ticket.count += 1\n        self.number = Ticket.count\n",
        ("Ticket.count += 1", "Ticket.count = 1"),
        "class TestTicket:\n    def setup_method(self):\n        Ticket.count = 0\n    def test_one(self):\n"
        "        assert Ticket().number == 1\n    def test_two(self):\n        Ticket()\n        assert Ticket().number == 2\n",
    ),
    "JSON of a derived dict": (
        "class Config(dict):\n    def with_port(self, port):\n        return Config(self, port=port)\n",
        ("port=port", "port=0"),
        'import json\nassert json.dumps(Config(host=\'a\').with_port(1)) == \'{"host": "a", "port": 1}\'\n',
    ),
    "a record of the standard library": (
        "from urllib.parse import urlparse\ndef parse(url):\n    return urlparse(url)\n",
        ("urlparse(url)", "urlparse(url.upper())"),
        "got = parse('http://a.com:80/x?q=1')\nassert got.scheme == 'http' and got.port == 80 and got.path == '/x'\n",
    ),
    "an operator in place": (
        "class Bag:\n    def __init__(self, xs=()):\n        self.xs = list(xs)\n    def __iadd__(self, other):\n"
        "        self.xs.extend(other.xs)\n        return self\n",
        ("extend(other.xs)", "append(other.xs)"),
        "a, b = Bag([1]), Bag([2])\nsame = a\na += b\nassert a.xs == [1, 2] and a is same\n",
    ),
    "the class of plain data": (
        "from typing import NamedTuple\nclass Point(NamedTuple):\n    x: int\n    y: int = 0\n    def moved(self, dx):\n"
        "        return self._replace(x=self.x + dx)\n",
        ("self._replace(x=self.x + dx)", "(self.x + dx, self.y)"),
        "p = Point(1).moved(2)\nassert p == (3, 0)\nassert type(p) is Point\n",
    ),
}
CARRIED["an object of the tests"] = (
    "class Service:\n    def __init__(self, store):\n        self.store = store\n    def greet(self, key):\n"
    "        user = self.store.get(key)\n        return f'Hello {user.name}' if user else 'Hello stranger'\n"
    "def first(xs):\n    return min(xs, key=lambda x: x.name)\ndef size(x):\n    return len(x), 2 in x, [y for y in x]\n",
    ("user.name}", "user.name.upper()}"),
    "from dataclasses import dataclass\n@dataclass\nclass User:\n    name: str\nclass Store:\n    def __init__(self):\n"
    "        self.asked = []\n    def get(self, key):\n        self.asked.append(key)\n        return {'1': User('Ann')}.get(key)\n"
    "class Pair:\n    def __len__(self):\n        return 2\n    def __iter__(self):\n        return iter((1, 2))\n"
    "store = Store()\nservice = Service(store)\nassert service.greet('1') == 'Hello Ann'\n"
    "assert service.greet('2') == 'Hello stranger'\nassert store.asked == ['1', '2']\n"
    "users = [User('b'), User('a')]\nassert first(users) is users[1]\nassert size(Pair()) == (2, True, [1, 2])\n",
)
CARRIED["a mock that is asked for a method"] = (
    "class Mailer:\n    def __init__(self, transport):\n        self.transport = transport\n    def send_all(self, names):\n"
    "        for name in names:\n            self.transport.send(name + '@x')\n        return len(names)\n",
    ("'@x'", "'@y'"),
    "from unittest.mock import Mock\ntransport = Mock()\nassert Mailer(transport).send_all(['a', 'b']) == 2\n"
    "transport.send.assert_called_with('b@x')\n",
)
NOT_CARRIED = {
    "what the program sets of an object of the tests": (
        "def rename(user, name):\n    user.name = name\n",
        ("= name", "= name.upper()"),
        "class User:\n    name = 'a'\nuser = User()\nrename(user, 'b')\nassert user.name == 'b'\n",
    ),
}
NOT_CARRIED["a file of the tests"] = (
    "def add(path, word):\n    with open(path, 'a') as file:\n        file.write(word)\n",
    ("(word)", "(word * 2)"),
    "with open('/tmp/x.txt', 'w') as file:\n    file.write('a')\nadd('/tmp/x.txt', 'b')\n"
    "with open('/tmp/x.txt') as file:\n    assert file.read() == 'ab'\n",
)
NOT_CARRIED["calls without end"] = (
    "class Sum:\n    def __init__(self):\n        self.total = 0\n    def add(self, n):\n        self.total += n\n",
    ("+= n", "= n"),
    "one = Sum()\nfor n in range(100000):\n    one.add(n)\nassert one.total == 4999950000\n",
)
BOTH = {**CARRIED, **NOT_CARRIED}


@pytest.fixture(scope="module")
def reports() -> dict[tuple[str, bool], Report]:
    programs = {(name, True): Program(code, tests) for name, (code, _, tests) in BOTH.items()}
    for name, (code, (right, wrong), tests) in BOTH.items():
        assert code.count(right) >= 1
        programs[name, False] = Program(code.replace(right, wrong), tests)

    async def all_of_them() -> list[Report]:
        async with Sandbox(limits=Limits(cpu_s=1.0, wall_s=5.0)) as box:
            return await asyncio.gather(*map(box.run, programs.values()))

    return dict(zip(programs, asyncio.run(all_of_them()), strict=True))


@pytest.mark.parametrize("name", CARRIED)
def test_a_right_program_passes_with_its_objects(name: str, reports: dict[tuple[str, bool], Report]) -> None:
    report = reports[name, True]
    assert (report.verdict, report.proof) == (Verdict.accepted, Proof.isolated), report.feedback()


@pytest.mark.parametrize("name", NOT_CARRIED)
def test_what_the_border_cannot_carry_is_no_failure(name: str, reports: dict[tuple[str, bool], Report]) -> None:
    report = reports[name, True]
    assert report.verdict is Verdict.untested and "pass in one process" in report.detail, report.feedback()


@pytest.mark.parametrize("name", BOTH)
def test_a_wrong_program_fails_with_the_same_objects(name: str, reports: dict[tuple[str, bool], Report]) -> None:
    report = reports[name, False]
    assert report.verdict not in (Verdict.accepted, Verdict.untested), report.feedback()
