"""Objects with exactly one field, which says what the others would be: rules, distributions."""

from __future__ import annotations

from typing import get_args

from pydantic import model_validator

from netspec.spec.base import SpecModel


class Choice(SpecModel):
    """Base of a choice: all fields are optional and exactly one is given."""

    @model_validator(mode="before")
    @classmethod
    def _by_its_class(cls, data: object) -> object:
        """In Python a choice may be written as itself: `Normal(…)` is `{"normal": …}`."""
        for name, field in cls.model_fields.items():
            if type(data) in get_args(field.annotation):
                return {name: data}
        return data

    @property
    def name(self) -> str:
        """What is chosen, such as `normal`."""
        return next(name for name, given in self if given is not None)

    @property
    def choice(self) -> SpecModel:
        """The chosen object itself."""
        chosen = getattr(self, self.name)
        assert isinstance(chosen, SpecModel)
        return chosen
