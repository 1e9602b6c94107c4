"""Profiles: how the probability of a connection depends on the distance."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from netspec.spec.base import SpecModel, require_one
from netspec.spec.choice import Choice
from netspec.spec.formulas import Parameter
from netspec.spec.varied import Each, Varied


class VariedLengths(Varied[Parameter]):
    """Lengths that differ from pair to pair of a table: exactly one of the fields."""


class VariedShares(Varied[Parameter]):
    """Shares that differ from pair to pair of a table: exactly one of the fields."""


class ProfileModel(SpecModel):
    """Base of the profiles; a field is a length above 0, or a share."""

    formula: ClassVar[str]
    """What `p_max` is multiplied by: between 0 and 1."""

    shares: ClassVar[frozenset[str]] = frozenset()
    """Fields that are numbers between 0 and 1."""


class GaussianProfile(ProfileModel):
    """Falls like a normal distribution around the source."""

    formula = "exp(-(distance/sd)**2/2)"

    sd: Each[Parameter, VariedLengths]
    """Standard deviation, a length."""


class ExponentialProfile(ProfileModel):
    """Falls by the same factor over the same distance."""

    formula = "exp(-distance/scale)"

    scale: Each[Parameter, VariedLengths]
    """Length over which it falls to 1/e."""


class LinearProfile(ProfileModel):
    """Falls in proportion to the distance, to 0."""

    formula = "max(1 - distance/reach, 0)"

    reach: Each[Parameter, VariedLengths]
    """Distance at which it is 0."""


class BoxProfile(ProfileModel):
    """Is the same up to a distance, and 0 beyond."""

    formula = "where(distance <= radius, 1, 0)"

    radius: Each[Parameter, VariedLengths]
    """The distance."""


class DifferenceOfGaussians(ProfileModel):
    """A Gaussian centre less a Gaussian surround; 0 where the surround is larger."""

    formula = "max(exp(-(distance/sd)**2/2) - surround*exp(-(distance/surround_sd)**2/2), 0)"
    shares = frozenset({"surround"})

    sd: Each[Parameter, VariedLengths]
    """Standard deviation of the centre, a length."""

    surround_sd: Each[Parameter, VariedLengths]
    """Standard deviation of the surround, a length."""

    surround: Each[Parameter, VariedShares]
    """Height of the surround, of a centre of 1."""


class Profile(Choice):
    """A profile: exactly one of the fields, e.g. `{"gaussian": {"sd": "0.2 mm"}}`."""

    gaussian: GaussianProfile | None = None
    """A normal distribution."""

    exponential: ExponentialProfile | None = None
    """An exponential decay."""

    linear: LinearProfile | None = None
    """A cone."""

    box: BoxProfile | None = None
    """A disc."""

    difference_of_gaussians: DifferenceOfGaussians | None = None
    """A centre and a surround."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        require_one("one-profile", "profile", self)
        return self

    @property
    def choice(self) -> ProfileModel:
        """The profile itself."""
        chosen = super().choice
        assert isinstance(chosen, ProfileModel)
        return chosen
