"""What every part of a recipe is, and what several of them say alike."""

from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo, field_validator

from recipes.names import refuse_elsewhere


class Part(BaseModel):
    """A part of a recipe: no key that we do not know, no number without an end, no `true` for a number, no change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _truth_is_no_number(cls, value: Any, info: ValidationInfo) -> Any:
        """pydantic takes `true` for 1."""
        if isinstance(value, bool) and info.field_name:
            kinds = _kinds(cls.model_fields[info.field_name].annotation)
            if kinds & {int, float} and bool not in kinds:
                raise ValueError(f"a number is needed (got {str(value).lower()})")
        return value


def _kinds(annotation: Any) -> set[Any]:
    """The types that an annotation names, at any depth."""
    return {annotation}.union(*map(_kinds, get_args(annotation)))


LeastProof = Literal["isolated", "control", "plain"]
"""The least proof (`sandbox.Proof`, the strongest first) that an accepted row may rest on."""
FolderName = Annotated[str, AfterValidator(refuse_elsewhere)]
"""A name that becomes a folder."""
