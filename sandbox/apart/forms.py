"""How test scripts of plain calls look, by language."""

from sandbox.apart.compiled import COMPILED
from sandbox.apart.form import Form
from sandbox.apart.scripted import SCRIPTED

FORMS: dict[str, Form] = {**SCRIPTED, **COMPILED}
