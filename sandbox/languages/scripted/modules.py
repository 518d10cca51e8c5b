"""JavaScript's modules as scripts: `import` and `export` in CommonJS words, line by line, and what tests take from the program's."""

from __future__ import annotations

import re

_EXPORT = re.compile(r"^export\s+(?:default\s+)?(?=(?:async\s+)?(?:function|class|const|let|var)\b)", re.MULTILINE)
_EXPORT_LIST = re.compile(
    r"^export\s*(?:default\s+(?P<default>[\w$]+)|\{(?P<names>[^}]{0,5000})\})\s*?;?[ \t]*$", re.MULTILINE
)
_EXPORT_VALUE = re.compile(
    r"^export\s+default\s+(?!(?:async\s+)?function\s*\*?\s*[\w$]|class\s+(?!extends\b)[\w$])", re.MULTILINE
)
"""What has no name that stays when `export default` goes."""
_EXPORTED = re.compile(
    r"^export\s+(?P<default>default\s+)?(?:async\s+)?(?:function\s*\*?|class|const|let|var)\s+(?P<name>[\w$]+)",
    re.MULTILINE,
)
_IMPORT = re.compile(
    r"^import(?=[\s{*'\"])\s*(?:(?:(?P<default>[\w$]+)\s*(?:,\s*|(?=\bfrom\b)))?"
    r"(?:\*\s*as\s+(?P<all>[\w$]+)\s*|\{(?P<names>[^}]{0,5000})\}\s*)?from\s*)?"
    r"(?P<module>'[^'\n]+'|\"[^\"\n]+\")(?:[ \t]*;|(?=[ \t]*(?://[^\n]*)?$))",
    re.MULTILINE,
)
"""All that an import may take at once: a default, and names or everything; or nothing."""
_IS_MODULE = re.compile(r"^(?:import(?:\s+(?:[\w$]|$)|\s*[*{'\"])|export(?:\s+\w|\s*[{*]))", re.MULTILINE)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_TAKEN = re.compile(
    r"^(?:const|let|var)\s*\{(?P<names>[\w$, ]*)\}\s*=\s*require\((?P<module>'\.[^'\n]*'|\"\.[^\"\n]*\")\)\s*;?",
    re.MULTILINE,
)
_OWN = re.compile(
    r"(?:\brequire\(\s*|\bfrom\s+|\bimport\(\s*|^import\s+)(['\"])(?P<name>\.{1,2}/[\w./-]+)\1", re.MULTILINE
)
_ALL_OF = re.compile(
    r"^(?:(?:const|let|var)\s+(?P<name>[\w$]+|\{[\w$, ]+\})\s*=\s*require\((?P<module>'[^'\n]+'|\"[^\"\n]+\")\)"
    r"|import\s+(?P<import>[\w$]+|\{[\w$, ]+\})\s+from\s+(?P<source>'[^'\n]+'|\"[^\"\n]+\"))\s*;?[ \t]*$",
    re.MULTILINE,
)


def is_module(source: str) -> bool:
    """Whether it says `import` or `export` at the left margin."""
    return bool(_IS_MODULE.search(source))


def own(tests: str) -> list[str]:
    """The files that tests take the program from, by the names they say, each once."""
    return list(dict.fromkeys(match["name"] for match in _OWN.finditer(tests)))


def commonjs(source: str) -> str:
    """`import` and `export` at the left margin in CommonJS words, line by line, so that both can be one script."""
    source = f"//{source}" if source.startswith("#!") else source
    source = _EXPORT_LIST.sub(lambda match: "\n" * match[0].count("\n"), source)
    source = _EXPORT.sub("", _EXPORT_VALUE.sub("exports.default = ", source))
    return _IMPORT.sub(_required, source)


def exporting(source: str) -> str:
    """A module that gives in CommonJS what it says it exports; the same lines, and one behind."""
    if not is_module(source):
        return commonjs(source)
    pairs: list[tuple[str, str]] = []
    for found in _EXPORTED.finditer(source):
        pairs.append(("default" if found["default"] else found["name"], found["name"]))
    for found in _EXPORT_LIST.finditer(source):
        if found["default"]:
            pairs.append(("default", found["default"]))
            continue
        for part in filter(None, map(str.strip, _COMMENT.sub("", found["names"]).split(","))):
            name, _, said = part.partition(" as ")
            pairs.append((said.strip() or name.strip(), name.strip()))
    given = " ".join(f"exports.{said} = {name};" for said, name in pairs)
    marked = 'Object.defineProperty(exports, "__esModule", {value: true});'
    return f'"use strict";{marked}{commonjs(source)}\n;{given}'


def beside(code: str, tests: str) -> str:
    """The tests for one script with the program: what they take from its module by a name it has is there already."""

    def taken(match: re.Match[str]) -> str:
        names = [name.strip() for name in match["names"].split(",") if name.strip()]
        pattern = r"^(?:export\s+(?:default\s+)?)?(?:async\s+)?(?:function\s*\*?|class|const|let|var)\s+%s\b"
        left = [name for name in names if not re.search(pattern % re.escape(name), code, re.MULTILINE)]
        return f"var {{{', '.join(left)}}} = require({match['module']});" if left else ""

    return _TAKEN.sub(taken, commonjs(without_repeated(code, tests)))


def without_repeated(code: str, tests: str) -> str:
    """The tests without what the program has taken from the same module by the same name: one script names it once."""
    had = {_said(match) for match in _ALL_OF.finditer(code)}
    return _ALL_OF.sub(lambda match: "" if _said(match) in had else match[0], tests)


def _said(match: re.Match[str]) -> tuple[str, str]:
    module = (match["module"] or match["source"])[1:-1].removeprefix("node:")
    return re.sub(r"\s", "", match["name"] or match["import"]), module


def _required(match: re.Match[str]) -> str:
    module = f"require({match['module']})"
    taken = []
    if match["default"]:  # what a module of ours gives as its default, where it says so
        ours = match["module"][1] == "."
        taken.append(
            f"{match['default']} = " + (f"((m) => (m && m.__esModule ? m.default : m))({module})" if ours else module)
        )
    if match["all"]:
        taken.append(f"{match['all']} = {module}")
    if match["names"] is not None:
        names = re.sub(r"\s+as\s+", ": ", _COMMENT.sub("", match["names"]))
        taken.append(f"{' '.join(('{' + names + '}').split())} = {module}")
    return (f"var {', '.join(taken)};" if taken else f"{module};") + "\n" * match[0].count("\n")
