"""One right and one wrong translation for each kind of value, in the languages beyond PHP, JavaScript and C++."""

PROGRAMS = {
    "scaled": (
        "def scaled(numbers, by):\n    return [number * by for number in numbers]\n",
        "assert scaled([1, 2], 3) == [3, 6]\nassert scaled([4], 1) == [4]\nassert scaled([], 2) == []\n",
    ),
    "greeting": (
        'def greeting(name):\n    return "Hello, " + name + "!"\n',
        'assert greeting("Ann") == "Hello, Ann!"\nassert greeting("") == "Hello, !"\nassert greeting("$x \\\\ #{y} @z") != ""\n',
    ),
    "half": (
        "def half(n):\n    return n / 2\n",
        "assert half(3) == 1.5\nassert half(8) == 4.0\nassert half(1) == 0.5\n",
    ),
    "is_even": (
        "def is_even(n):\n    return n % 2 == 0\n",
        "assert is_even(3) is False\nassert is_even(8) is True\nassert is_even(1) is False\n",
    ),
    "tally": (
        "def tally(words):\n    return {word: words.count(word) for word in words}\n",
        'assert tally(["a", "b", "a"]) == {"a": 2, "b": 1}\nassert tally(["x"]) == {"x": 1}\nassert tally([]) == {}\n',
    ),
    "bigger": (
        "def bigger(a, b):\n    return a if a > b else b\n",
        "assert bigger(3, 4) == 4\nassert bigger(9, 4) == 9\nassert bigger(5, 5) == 5\n",
    ),
}

BODIES: dict[str, dict[str, tuple[str, str]]] = {
    "typescript": {
        "scaled": ("{ return numbers.map((n) => n * by); }", "{ return numbers.map((n) => n + by); }"),
        "greeting": ("{ return `Hello, ${name}!`; }", "{ return `Hello, ${name || 'you'}!`; }"),
        "half": ("{ return n / 2; }", "{ return Math.floor(n / 2); }"),
        "is_even": ("{ return n % 2 === 0; }", "{ return n % 2 !== 1; }"),
        "tally": (
            "{ const c: Record<string, number> = {}; for (const w of words) c[w] = (c[w] || 0) + 1; return c; }",
            "{ const c: Record<string, number> = {}; for (const w of words) c[w] = 1; return c; }",
        ),
        "bigger": ("{ return a > b ? a : b; }", "{ return Math.abs(a) > Math.abs(b) ? a : b; }"),
    },
    "ruby": {
        "scaled": ("\n  numbers.map { |n| n * by }\nend", "\n  numbers * by\nend"),
        "greeting": ('\n  "Hello, #{name}!"\nend', '\n  "Hello, #{name.strip}!"\nend'),
        "half": ("\n  n / 2.0\nend", "\n  n / 2\nend"),
        "is_even": ("\n  n.even?\nend", "\n  n % 2\nend"),
        "tally": ("\n  words.tally\nend", "\n  words.uniq.to_h { |w| [w, 1] }\nend"),
        "bigger": ("\n  [a, b].max\nend", "\n  [a, b].max.to_f\nend"),
    },
    "go": {
        "scaled": (
            " {\n\tout := []int{}\n\tfor _, n := range numbers {\n\t\tout = append(out, n*by)\n\t}\n\treturn out\n}",
            " {\n\tout := []int{}\n\tfor _, n := range numbers {\n\t\tout = append(out, n+by)\n\t}\n\treturn out\n}",
        ),
        "greeting": (' {\n\treturn "Hello, " + name + "!"\n}', ' {\n\treturn "Hello," + name + "!"\n}'),
        "half": (" {\n\treturn float64(n) / 2\n}", " {\n\treturn float64(n / 2)\n}"),
        "is_even": (" {\n\treturn n%2 == 0\n}", " {\n\treturn n%2 != 1\n}"),
        "tally": (
            " {\n\tc := map[string]int{}\n\tfor _, w := range words {\n\t\tc[w]++\n\t}\n\treturn c\n}",
            " {\n\tc := map[string]int{}\n\tfor i, w := range words {\n\t\tc[w] = i\n\t}\n\treturn c\n}",
        ),
        "bigger": (
            " {\n\tif a > b {\n\t\treturn a\n\t}\n\treturn b\n}",
            " {\n\tif a < b {\n\t\treturn a\n\t}\n\treturn b\n}",
        ),
    },
    "rust": {
        "scaled": (" { numbers.iter().map(|n| n * by).collect() }", " { numbers.iter().map(|n| n + by).collect() }"),
        "greeting": (' { format!("Hello, {}!", name) }', ' { format!("Hello, {:?}!", name) }'),
        "half": (" { n as f64 / 2.0 }", " { (n / 2) as f64 }"),
        "is_even": (" { n % 2 == 0 }", " { n % 2 != 1 }"),
        "tally": (
            " { let mut c = std::collections::HashMap::new(); for w in words { *c.entry(w).or_insert(0) += 1; } c }",
            " { let mut c = std::collections::HashMap::new(); for w in words { c.insert(w, 1); } c }",
        ),
        "bigger": (" { if a > b { a } else { b } }", " { if a.abs() > b.abs() { a } else { b } }"),
    },
    "java": {
        "scaled": (
            " { List<Integer> out = new ArrayList<>(); for (int n : numbers) out.add(n * by); return out; }\n}",
            " { List<Integer> out = new ArrayList<>(); for (int n : numbers) out.add(n + by); return out; }\n}",
        ),
        "greeting": (' { return "Hello, " + name + "!"; }\n}', ' { return "Hello, " + name.trim() + "!"; }\n}'),
        "half": (" { return n / 2.0; }\n}", " { return n / 2; }\n}"),
        "is_even": (" { return n % 2 == 0; }\n}", " { return n % 2 != 1; }\n}"),
        "tally": (
            " { Map<String, Integer> c = new HashMap<>(); for (String w : words) c.merge(w, 1, Integer::sum); return c; }\n}",
            " { Map<String, Integer> c = new HashMap<>(); for (String w : words) c.put(w, 1); return c; }\n}",
        ),
        "bigger": (" { return a > b ? a : b; }\n}", " { return Math.abs(a) > Math.abs(b) ? a : b; }\n}"),
    },
    "csharp": {
        "scaled": (
            " { return numbers.Select(n => n * by).ToList(); }\n}",
            " { return numbers.Select(n => n + by).ToList(); }\n}",
        ),
        "greeting": (' { return "Hello, " + name + "!"; }\n}', ' { return "Hello, " + name.Trim() + "!"; }\n}'),
        "half": (" { return n / 2.0; }\n}", " { return n / 2; }\n}"),
        "is_even": (" { return n % 2 == 0; }\n}", " { return n % 2 != 1; }\n}"),
        "tally": (
            " { var c = new Dictionary<string, long>(); foreach (var w in words) { if (!c.ContainsKey(w)) c[w] = 0; c[w]++; } return c; }\n}",
            " { var c = new Dictionary<string, long>(); foreach (var w in words) c[w] = 1; return c; }\n}",
        ),
        "bigger": (" { return a > b ? a : b; }\n}", " { return Math.Abs(a) > Math.Abs(b) ? a : b; }\n}"),
    },
    "perl": {
        "scaled": (
            " { my ($numbers, $by) = @_; return [map { $_ * $by } @$numbers]; }",
            " { my ($numbers, $by) = @_; return [map { $_ + $by } @$numbers]; }",
        ),
        "greeting": (' { my ($name) = @_; return "Hello, $name!"; }', ' { my ($name) = @_; return "Hello, $name"; }'),
        "half": (" { return $_[0] / 2; }", " { return int($_[0] / 2); }"),
        "is_even": (" { return $_[0] % 2 == 0; }", " { return $_[0] % 2; }"),
        "tally": (
            " { my %c; $c{$_}++ for @{$_[0]}; return \\%c; }",
            " { my %c; $c{$_} = 1 for @{$_[0]}; return \\%c; }",
        ),
        "bigger": (
            " { my ($x, $y) = @_; return $x > $y ? $x : $y; }",
            " { my ($x, $y) = @_; return $x gt $y ? $x : $y; }",
        ),
    },
    "bash": {
        "greeting": (' {\n  echo "Hello, $1!"\n}', " {\n  echo Hello, $1!\n}"),
        "is_even": (
            " {\n  if (($1 % 2 == 0)); then echo true; else echo false; fi\n}",
            " {\n  if (($1 % 2 == 1)); then echo false; else echo true; fi\n}",
        ),
        "bigger": (
            " {\n  if (($1 > $2)); then echo $1; else echo $2; fi\n}",
            " {\n  if [[ $1 > $2 ]]; then echo $1; else echo $2; fi\n}",
        ),
    },
}
