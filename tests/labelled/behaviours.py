"""Python programs whose sameness is known: a reference, one that behaves alike, and one that does not on some plain input."""

REWRITES: tuple[tuple[str, str, str, str], ...] = (
    # (tests that show what the arguments are, reference, the same, another)
    ("f(7, 2)", "return a // b", "return (a - a % b) // b", "return int(a / b + 0.5)"),
    ("f(7, 3)", "return a % b", "return a - (a // b) * b", "return b % a if a else 0"),
    ("f(3, 4)", "return max(a, b)", "return a if a >= b else b", "return a if a <= b else b"),
    ("f(3, 4)", "return abs(a - b)", "return a - b if a > b else b - a", "return a - b"),
    ("f(2, 5)", "return a ** 2 + b ** 2", "return a * a + b * b", "return (a + b) ** 2"),
    (
        "f(12, 18)",
        "while b: a, b = b, a % b\n    return a",
        "import math\n    return math.gcd(a, b)",
        "return min(a, b)",
    ),
    ("f(5)", "return sum(range(a + 1))", "return a * (a + 1) // 2", "return sum(range(a))"),
    ("f(5)", "return [n for n in range(a)]", "return list(range(a))", "return list(range(1, a + 1))"),
    (
        "f(10)",
        "return [d for d in range(1, a + 1) if a % d == 0]",
        "return [d for d in range(1, a) if not a % d] + [a] * (a > 0)",
        "return [d for d in range(2, a + 1) if a % d == 0]",
    ),
    (
        "f(29)",
        "return a > 1 and all(a % d for d in range(2, a))",
        "return a > 1 and not any(a % d == 0 for d in range(2, int(a ** 0.5) + 1))",
        "return a > 1 and all(a % d for d in range(2, int(a ** 0.5)))",
    ),
    ("f(6)", "return bin(a)[2:]", "return format(a, 'b')", "return bin(a)[2:].rstrip('0')"),
    ("f(255)", "return hex(a)[2:]", "return '%x' % a", "return '%X' % a"),
    (
        "f(123)",
        "return sum(int(d) for d in str(a))",
        "total = 0\n    while a:\n        total, a = total + a % 10, a // 10\n    return total",
        "return a % 10",
    ),
    ("f(7)", "return a % 2 == 0", "return not a & 1", "return a % 2 == 1"),
    (
        "f(4)",
        "x, y = 0, 1\n    for _ in range(a): x, y = y, x + y\n    return x",
        "x, y = 0, 1\n    while a > 0:\n        x, y, a = y, x + y, a - 1\n    return x",
        "x, y = 1, 1\n    for _ in range(a): x, y = y, x + y\n    return x",
    ),
    ("f('hello')", "return a[::-1]", "return ''.join(reversed(a))", "return ''.join(sorted(a, reverse=True))"),
    ("f('Hello World')", "return a.lower()", "return ''.join(c.lower() for c in a)", "return a[:1].lower() + a[1:]"),
    ("f('Hello World')", "return len(a.split())", "return sum(1 for w in a.split(' ') if w)", "return a.count(' ')"),
    ("f('banana')", "return a.count('a')", "return sum(c == 'a' for c in a)", "return len(set(a) & {'a'})"),
    (
        "f('banana')",
        "return ''.join(dict.fromkeys(a))",
        "out = ''\n    for c in a:\n        if c not in out: out += c\n    return out",
        "return ''.join(sorted(set(a)))",
    ),
    (
        "f('level')",
        "return a == a[::-1]",
        "return all(x == y for x, y in zip(a, reversed(a)))",
        "return bool(a) and a[0] == a[-1]",
    ),
    (
        "f('a-b-c')",
        "return a.split('-')",
        "out, word = [], ''\n    for c in a:\n        if c == '-':\n            out.append(word)\n            word = ''\n        else:\n            word += c\n    return [*out, word]",
        "return [w for w in a.split('-') if w]",
    ),
    (
        "f('one two')",
        "return a.title()",
        "return ' '.join(w.capitalize() for w in a.split(' '))",
        "return a.capitalize()",
    ),
    ("f('abc', 'b')", "return a.find(b)", "return a.index(b) if b in a else -1", "return a.rfind(b)"),
    (
        "f('abcabc', 'b')",
        "return a.replace(b, '')",
        "return ''.join(a.split(b)) if b else a",
        "return a.replace(b, '', 1)",
    ),
    (
        "f('hello')",
        "return {c: a.count(c) for c in a}",
        "out = {}\n    for c in a: out[c] = out.get(c, 0) + 1\n    return out",
        "return {c: 1 for c in a}",
    ),
    (
        "f('hello')",
        "return [c for c in a if c in 'aeiou']",
        "return list(filter('aeiou'.count, a))",
        "return [c for c in a if c in 'aeo']",
    ),
    ("f([3, 1, 2])", "return sorted(a)", "a = list(a)\n    a.sort()\n    return a", "return sorted(set(a))"),
    ("f([3, 1, 2])", "return a[::-1]", "return list(reversed(a))", "return sorted(a, reverse=True)"),
    ("f([3, 1, 2])", "return sum(a)", "total = 0\n    for x in a: total += x\n    return total", "return sum(set(a))"),
    ("f([3, 1, 2])", "return max(a)", "return sorted(a)[-1]", "return a[0]"),
    ("f([3, 1, 2])", "return [x * x for x in a]", "return list(map(lambda x: x ** 2, a))", "return [x * 2 for x in a]"),
    (
        "f([3, 1, 2, 4])",
        "return [x for x in a if x % 2 == 0]",
        "return list(filter(lambda x: not x % 2, a))",
        "return [x for x in a if x > 2]",
    ),
    (
        "f([1, 2, 1])",
        "return list(dict.fromkeys(a))",
        "out = []\n    for x in a:\n        if x not in out: out.append(x)\n    return out",
        "return sorted(set(a))",
    ),
    (
        "f([1, 2, 3])",
        "out, total = [], 0\n    for x in a:\n        total += x\n        out.append(total)\n    return out",
        "from itertools import accumulate\n    return list(accumulate(a))",
        "return [sum(a[:i]) for i in range(len(a))]",
    ),
    (
        "f([1, 2, 4])",
        "return [y - x for x, y in zip(a, a[1:])]",
        "return [a[i + 1] - a[i] for i in range(len(a) - 1)]",
        "return [x - y for x, y in zip(a, a[1:])]",
    ),
    ("f([1, 2, 3], 2)", "return a[:b]", "return [x for i, x in enumerate(a) if i < b]", "return a[b:]"),
    ("f([1, 2, 3], 2)", "return a.count(b)", "return len([x for x in a if x == b])", "return int(b in a)"),
    (
        "f([1, 2, 3], [2, 3, 4])",
        "return [x for x in a if x in b]",
        "return list(filter(b.__contains__, a))",
        "return sorted(set(a) & set(b))",
    ),
    (
        "f([[1, 2], [3, 4]])",
        "return [list(row) for row in zip(*a)]",
        "return [[row[i] for row in a] for i in range(min(map(len, a)))] if a else []",
        "return [row[::-1] for row in a]",
    ),
    ("f([[1, 2], [3, 4]])", "return [x for row in a for x in row]", "return sum(a, [])", "return a[0] + a[-1]"),
    ("f([1.5, 2.5])", "return sum(a) / len(a)", "return (1 / len(a)) * sum(a)", "return sum(a) // len(a)"),
    (
        "f({'a': 1, 'b': 2})",
        "return sorted(a, key=a.get)",
        "return [k for k, _ in sorted(a.items(), key=lambda kv: kv[1])]",
        "return sorted(a)",
    ),
    ("f({'a': 1, 'b': 2})", "return sum(a.values())", "return sum(a[k] for k in a)", "return len(a)"),
    ("f(37.5)", "return a * 9 / 5 + 32", "return 1.8 * a + 32", "return a * 9 // 5 + 32"),
)


def program(body: str, call: str) -> str:
    """A function of one or two arguments, as `call` has them."""
    arguments = "a, b" if _commas_outside(call[2:-1]) else "a"
    return f"def f({arguments}):\n    {body}\n"


def _commas_outside(text: str) -> int:
    depth = found = 0
    for letter in text:
        depth += letter in "[{("
        depth -= letter in "]})"
        found += letter == "," and depth == 0
    return found
