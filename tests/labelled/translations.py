"""Translations whose truth is known: for each Python program and language one that does the same and one that is subtly wrong.

An entry of `bodies` is (right, wrong), each the text after the signature that the tests call.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Labelled:
    """A Python program, its tests, and bodies by language."""

    name: str
    code: str
    tests: str
    bodies: dict[str, tuple[str, str]]
    slip: str
    """What the wrong ones get wrong."""


TRANSLATIONS = (
    Labelled(
        "floor_quotient",
        "def floor_quotient(a, b):\n    return a // b\n",
        "assert floor_quotient(7, 2) == 3\nassert floor_quotient(9, 3) == 3\nassert floor_quotient(1, 5) == 0\n",
        {
            "php": ("{ return (int) floor($a / $b); }", "{ return intdiv($a, $b); }"),
            "javascript": ("{ return Math.floor(a / b); }", "{ return Math.trunc(a / b); }"),
            "cpp": (
                "{ long long q = a / b; return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q; }",
                "{ return a / b; }",
            ),
        },
        "the quotient of a negative number is cut, not floored",
    ),
    Labelled(
        "remainder",
        "def remainder(a, b):\n    return a % b\n",
        "assert remainder(7, 3) == 1\nassert remainder(9, 3) == 0\nassert remainder(2, 5) == 2\n",
        {
            "php": ("{ return (($a % $b) + $b) % $b; }", "{ return $a % $b; }"),
            "javascript": ("{ return ((a % b) + b) % b; }", "{ return a % b; }"),
            "cpp": ("{ return ((a % b) + b) % b; }", "{ return a % b; }"),
        },
        "the remainder takes the sign of the first number",
    ),
    Labelled(
        "nearest",
        "def nearest(x):\n    return round(x)\n",
        "assert nearest(0.5) == 0\nassert nearest(1.5) == 2\nassert nearest(2.25) == 2\nassert nearest(3.75) == 4\n",
        {
            "php": ("{ return (int) round($x, 0, PHP_ROUND_HALF_EVEN); }", "{ return (int) round($x); }"),
            "javascript": (
                "{ const low = Math.floor(x); const rest = x - low;\n"
                "  return rest < 0.5 ? low : rest > 0.5 ? low + 1 : low % 2 === 0 ? low : low + 1; }",
                "{ return Math.round(x); }",
            ),
            "cpp": ("{ return std::llrint(x); }", "{ return std::llround(x); }"),
        },
        "a half is rounded up, not to the even number",
    ),
    Labelled(
        "in_order",
        "def in_order(numbers):\n    return sorted(numbers)\n",
        "assert in_order([3, 1, 2]) == [1, 2, 3]\nassert in_order([]) == []\nassert in_order([5, 5, 1]) == [1, 5, 5]\n",
        {
            "php": ("{ sort($numbers); return $numbers; }", "{ sort($numbers, SORT_STRING); return $numbers; }"),
            "javascript": ("{ return [...numbers].sort((a, b) => a - b); }", "{ return [...numbers].sort(); }"),
            "cpp": (
                "{ auto sorted = numbers; std::sort(sorted.begin(), sorted.end()); return sorted; }",
                "{ std::set<long long> sorted(numbers.begin(), numbers.end());\n"
                "  return std::vector<long long>(sorted.begin(), sorted.end()); }",
            ),
        },
        "numbers are ordered as text, or equal ones are lost",
    ),
    Labelled(
        "sum_to",
        "def sum_to(n):\n    return sum(range(1, n + 1))\n",
        "assert sum_to(4) == 10\nassert sum_to(1) == 1\nassert sum_to(0) == 0\n",
        {
            "php": (
                "{ $sum = 0; for ($i = 1; $i <= $n; $i++) $sum += $i; return $sum; }",
                "{ $sum = 0; for ($i = 1; $i < $n; $i++) $sum += $i; return $sum; }",
            ),
            "javascript": (
                "{ let sum = 0; for (let i = 1; i <= n; i++) sum += i; return sum; }",
                "{ return n * (n + 1) / 2; }",
            ),
            "cpp": (
                "{ long long sum = 0; for (long long i = 1; i <= n; i++) sum += i; return sum; }",
                "{ return n * (n + 1) / 2; }",
            ),
        },
        "off by one, or a formula that is wrong below zero",
    ),
    Labelled(
        "mean_of",
        "def mean_of(numbers):\n    return sum(numbers) / len(numbers) if numbers else 0.0\n",
        "assert mean_of([1, 2]) == 1.5\nassert mean_of([4]) == 4.0\nassert mean_of([1, 1, 2]) == 4 / 3\n",
        {
            "php": (
                "{ return $numbers ? array_sum($numbers) / count($numbers) : 0.0; }",
                "{ return array_sum($numbers) / count($numbers); }",
            ),
            "javascript": (
                "{ return numbers.length ? numbers.reduce((a, b) => a + b, 0) / numbers.length : 0; }",
                "{ return numbers.reduce((a, b) => a + b, 0) / numbers.length; }",
            ),
            "cpp": (
                "{ double sum = 0; for (auto n : numbers) sum += n; return numbers.empty() ? 0.0 : sum / numbers.size(); }",
                "{ long long sum = 0, count = numbers.size(); for (auto n : numbers) sum += n; return count ? sum / count : 0; }",
            ),
        },
        "nothing is divided by nothing, or a mean by whole numbers",
    ),
    Labelled(
        "letters",
        "def letters(text):\n    return len(text)\n",
        'assert letters("hé") == 2\nassert letters("") == 0\nassert letters("a😀b") == 3\nassert letters("abcd") == 4\n',
        {
            "php": ("{ return mb_strlen($text); }", "{ return strlen($text); }"),
            "javascript": ("{ return [...text].length; }", "{ return text.length; }"),
            "cpp": (
                "{ long long count = 0; for (unsigned char c : text) count += (c & 0xC0) != 0x80; return count; }",
                "{ return text.size(); }",
            ),
        },
        "bytes or halves of characters are counted, not characters",
    ),
    Labelled(
        "joined",
        'def joined(numbers):\n    return ",".join(str(number) for number in numbers)\n',
        'assert joined([1, 2, 3]) == "1,2,3"\nassert joined([7]) == "7"\nassert joined([]) == ""\n',
        {
            "php": (
                '{ return implode(",", $numbers); }',
                '{ $text = ""; foreach ($numbers as $n) $text .= "$n,"; return $text; }',
            ),
            "javascript": (
                '{ return numbers.join(","); }',
                "{ return numbers.length > 1 ? numbers.join() : numbers[0]; }",
            ),
            "cpp": (
                '{ std::string text; for (auto n : numbers) text += (text.empty() ? "" : ",") + std::to_string(n); return text; }',
                '{ std::string text; for (auto n : numbers) text += std::to_string(n) + ","; return text; }',
            ),
        },
        "a comma too many, or a number where text belongs",
    ),
    Labelled(
        "last_place",
        "def last_place(items, wanted):\n"
        "    found = -1\n"
        "    for at, item in enumerate(items):\n"
        "        if item == wanted:\n"
        "            found = at\n"
        "    return found\n",
        "assert last_place([1, 2, 1], 1) == 2\nassert last_place([1], 5) == -1\nassert last_place([4, 4, 4], 4) == 2\n",
        {
            "php": (
                "{ $found = -1; foreach ($items as $at => $item) if ($item === $wanted) $found = $at; return $found; }",
                "{ $found = array_keys($items, $wanted); return end($found); }",
            ),
            "javascript": ("{ return items.lastIndexOf(wanted); }", "{ return items.indexOf(wanted); }"),
            "cpp": (
                "{ long long found = -1; for (size_t i = 0; i < items.size(); i++) if (items[i] == wanted) found = i; return found; }",
                "{ for (size_t i = 0; i < items.size(); i++) if (items[i] == wanted) return i; return -1; }",
            ),
        },
        "false where nothing is found, or the first place",
    ),
    Labelled(
        "reads_both_ways",
        "def reads_both_ways(text):\n    text = text.lower()\n    return text == text[::-1]\n",
        'assert reads_both_ways("Level") is True\nassert reads_both_ways("abc") is False\nassert reads_both_ways("") is True\n'
        'assert reads_both_ways("aA") is True\n',
        {
            "php": (
                '{ $t = mb_strtolower($text); return $t === implode("", array_reverse(mb_str_split($t))); }',
                "{ return $text === strrev($text); }",
            ),
            "javascript": (
                '{ const t = text.toLowerCase(); return t === [...t].reverse().join(""); }',
                '{ return text === text.split("").reverse().join(""); }',
            ),
            "cpp": (
                "{ std::string t = text; for (auto& c : t) c = std::tolower(c); return t == std::string(t.rbegin(), t.rend()); }",
                "{ return text == std::string(text.rbegin(), text.rend()); }",
            ),
        },
        "upper case matters",
    ),
    Labelled(
        "sum_of_digits",
        "def sum_of_digits(n):\n    return sum(int(digit) for digit in str(abs(n)))\n",
        "assert sum_of_digits(123) == 6\nassert sum_of_digits(0) == 0\nassert sum_of_digits(909) == 18\n",
        {
            "php": (
                "{ return array_sum(str_split((string) abs($n))); }",
                "{ $sum = 0; while ($n > 0) { $sum += $n % 10; $n = intdiv($n, 10); } return $sum; }",
            ),
            "javascript": (
                "{ return [...String(Math.abs(n))].reduce((sum, digit) => sum + Number(digit), 0); }",
                '{ return [...String(n)].reduce((sum, digit) => sum + Number(digit), ""); }',
            ),
            "cpp": (
                "{ if (n < 0) n = -n; long long sum = 0; while (n) { sum += n % 10; n /= 10; } return sum; }",
                "{ long long sum = 0; while (n) { sum += n % 10; n /= 10; } return sum; }",
            ),
        },
        "negative numbers, or text that is added to",
    ),
    Labelled(
        "first_capital",
        "def first_capital(text):\n"
        "    for letter in text:\n"
        "        if 'A' <= letter <= 'Z':\n"
        "            return letter\n"
        "    return ''\n",
        'assert first_capital("abC dE") == "C"\nassert first_capital("none") == ""\nassert first_capital("X") == "X"\n',
        {
            "php": (
                '{ return preg_match("/[A-Z]/", $text, $found) ? $found[0] : ""; }',
                '{ preg_match("/[A-Z]/", $text, $found); return $found[0] ?? null; }',
            ),
            "javascript": ('{ return (text.match(/[A-Z]/) || [""])[0]; }', "{ return text.match(/[A-Z]/)?.[0]; }"),
            "cpp": (
                "{ for (char c : text) if (c >= 'A' && c <= 'Z') return std::string(1, c); return \"\"; }",
                "{ for (char c : text) if (c > 'A' && c <= 'Z') return std::string(1, c); return \" \"; }",
            ),
        },
        "something else than empty text where there is none",
    ),
    Labelled(
        "word_count",
        "def word_count(text):\n    return len(text.split())\n",
        'assert word_count("one two") == 2\nassert word_count("") == 0\nassert word_count("a") == 1\n',
        {
            "php": (
                '{ return count(preg_split("/\\s+/", $text, -1, PREG_SPLIT_NO_EMPTY)); }',
                '{ return count(explode(" ", $text)); }',
            ),
            "javascript": ("{ return (text.match(/\\S+/g) || []).length; }", '{ return text.split(" ").length; }'),
            "cpp": (
                "{ long long count = 0; bool inside = false;\n"
                "  for (char c : text) { bool word = c != ' '; count += word && !inside; inside = word; } return count; }",
                "{ return text.empty() ? 0 : std::count(text.begin(), text.end(), ' ') + 1; }",
            ),
        },
        "spaces are counted, not words",
    ),
    Labelled(
        "in_binary",
        'def in_binary(n):\n    return format(n, "b")\n',
        'assert in_binary(5) == "101"\nassert in_binary(1) == "1"\nassert in_binary(8) == "1000"\n',
        {
            "php": ('{ return ($n < 0 ? "-" : "") . decbin(abs($n)); }', "{ return decbin($n); }"),
            "javascript": ("{ return n.toString(2); }", "{ return (n >>> 0).toString(2); }"),
            "cpp": (
                "{ std::string text; long long m = n < 0 ? -n : n; do { text = char('0' + m % 2) + text; m /= 2; } while (m);\n"
                '  return n < 0 ? "-" + text : text; }',
                "{ std::string text; while (n > 0) { text = char('0' + n % 2) + text; n /= 2; } return text; }",
            ),
        },
        "nought and negative numbers",
    ),
    Labelled(
        "tally",
        "def tally(words):\n"
        "    counts = {}\n"
        "    for word in words:\n"
        "        counts[word] = counts.get(word, 0) + 1\n"
        "    return counts\n",
        'assert tally(["a", "b", "a"]) == {"a": 2, "b": 1}\nassert tally([]) == {}\nassert tally(["x"]) == {"x": 1}\n',
        {
            "php": (
                "{ $c = []; foreach ($words as $w) $c[$w] = ($c[$w] ?? 0) + 1; return $c; }",
                "{ $c = []; foreach ($words as $w) $c[strtolower($w)] = ($c[strtolower($w)] ?? 0) + 1; return $c; }",
            ),
            "javascript": (
                "{ const c = {}; for (const w of words) c[w] = (c[w] || 0) + 1; return c; }",
                "{ const c = new Map(); for (const w of words) c.set(w, (c.get(w) || 0) + 1); return c; }",
            ),
            "cpp": (
                "{ std::map<std::string, long long> c; for (auto& w : words) c[w]++; return c; }",
                "{ std::map<std::string, long long> c; for (auto& w : words) if (!w.empty()) c[w]++; return c; }",
            ),
        },
        "keys are folded or left out, or it is no plain object",
    ),
    Labelled(
        "without_doubles",
        "def without_doubles(items):\n    return list(dict.fromkeys(items))\n",
        "assert without_doubles([3, 1, 3]) == [3, 1]\nassert without_doubles([]) == []\nassert without_doubles([2, 2, 1]) == [2, 1]\n",
        {
            "php": ("{ return array_values(array_unique($items)); }", "{ return array_unique($items); }"),
            "javascript": ("{ return [...new Set(items)]; }", "{ return [...new Set(items)].sort((a, b) => a - b); }"),
            "cpp": (
                "{ std::vector<long long> kept; for (auto i : items)\n"
                "  if (std::find(kept.begin(), kept.end(), i) == kept.end()) kept.push_back(i); return kept; }",
                "{ std::set<long long> kept(items.begin(), items.end()); return std::vector<long long>(kept.begin(), kept.end()); }",
            ),
        },
        "gaps stay where doubles were, or the order changes",
    ),
)
