"""What `lab prompts check` finds: syntax, unknown variables, inputs never used, examples that do not render."""

from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables

from prompts.library import Library
from prompts.template import Prompt, PromptError, parse, sandboxed, suggest


def check_all(library: Library) -> list[str]:
    """Every complaint about every template in view, `file:line: what; the mend`; empty where all is well."""
    complaints: list[str] = []
    for name in library.names():
        try:
            complaints += check_template(library.get(name))
        except PromptError as error:
            complaints.append(str(error))
    return complaints


def check_file(path: Path) -> list[str]:
    """The complaints about one file."""
    try:
        return check_template(parse(path.stem, path))
    except PromptError as error:
        return [str(error)]


def check_template(prompt: Prompt) -> list[str]:
    """The complaints about one parsed template."""
    environment = sandboxed()
    complaints: list[str] = []
    used: set[str] = set()
    for _, line, text in prompt.messages:
        try:
            tree = environment.parse("\n" * (line - 1) + text)
        except TemplateSyntaxError as error:
            return [f"{prompt.path}:{error.lineno}: {error.message}"]
        unknown = find_undeclared_variables(tree) - set(environment.globals)
        used |= unknown & set(prompt.inputs)
        for name in sorted(unknown - set(prompt.inputs)):
            complaints.append(
                f'{prompt.path}:{_first_use(tree, name)}: unknown variable "{name}"{suggest(name, prompt.inputs)}'
            )
    for name in prompt.inputs.keys() - used:
        at = next((n for n, row in enumerate(prompt.source.split("\n"), 1) if row.strip().startswith(f"{name}:")), 1)
        complaints.append(
            f'{prompt.path}:{at}: input "{name}" is declared but never used; use it, or take it out of the front matter'
        )
    if not complaints and prompt.example:
        try:
            prompt.render(prompt.example)
        except PromptError as error:
            complaints.append(f"{error} (rendering the template's own example)")
    return complaints


def _first_use(tree: nodes.Template, name: str) -> int:
    return min(node.lineno for node in tree.find_all(nodes.Name) if node.name == name)
