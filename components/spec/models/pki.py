"""Certificates: authority generations, key algorithm, subject, lifetimes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from components.spec.models.model import FILLED, Model, setting
from components.spec.models.profiles import PKI_PROFILES, Algorithm
from components.spec.values.fields import Duration, SubjectText, as_tuple
from components.spec.x509.pem import Certificates, SecretKey

GenerationNumber = Annotated[int, Field(ge=1, le=9999)]
Number = Annotated[StrictInt, Field(ge=1, le=9999)]


class Subject(Model):
    """Subject fields that all certificates of the cluster share."""

    country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")] | None = setting(
        None, example="DE"
    )
    """Two capital letters (ISO 3166). Default: none."""

    province: SubjectText | None = setting(None, example="Berlin")
    """State or province. Default: none."""

    locality: SubjectText | None = setting(None, example="Berlin")
    """City. Default: none."""

    organization: SubjectText | None = setting(None, example="Example Ltd")
    """Organization of the authority and of certificates that do not name their own.
    Default: none."""

    organizational_unit: SubjectText | None = setting(None, example="Platform")
    """Part of the organization. Default: none."""


class Lifetime(Model):
    """How long a certificate is valid, and when it is renewed."""

    model_config = FILLED

    validity: Duration = setting(example="365d")
    """From issue to end, in whole hours. Defaults: ca 3650d; others 365d, with profile classic
    3650d."""

    renew_before: Duration = setting(example="30d")
    """An `up` this long before the end reissues a leaf; for ca, the time from which a new
    generation is asked for. Must be shorter than validity. Defaults: ca 365d; others 30d."""


class Lifetimes(Model):
    """Lifetimes per role; what is not set has the profile's value."""

    model_config = FILLED

    ca: Lifetime = setting(example={"validity": "3650d"})
    """Self-made authorities and their intermediates. Default: 3650d, new one from 365d."""

    server: Lifetime = setting(example={"validity": "365d", "renew_before": "30d"})
    """What members show to clients. Default: 365d, renewed from 30d."""

    peer: Lifetime = setting(example={"validity": "365d", "renew_before": "30d"})
    """What members show to each other. Default: 365d, renewed from 30d."""

    maintenance: Lifetime = setting(example={"validity": "365d", "renew_before": "30d"})
    """What a node's own scripts show to etcd. Default: 365d, renewed from 30d."""

    client: Lifetime = setting(example={"validity": "365d", "renew_before": "30d"})
    """What consumers show to etcd. Default: 365d, renewed from 30d."""


class Generation(Model):
    """One authority. With neither certificate nor key it is self-made."""

    certificate: Certificates | None = setting(None, example="-----BEGIN CERTIFICATE-----…")
    """PEM of an external CA's certificate, which signs the leaves. Default: self-made."""

    key: SecretKey | None = setting(None, example="-----BEGIN PRIVATE KEY-----…")
    """PEM of that CA's private key; a secret. Default: self-made."""

    chain: Certificates = setting("", example="-----BEGIN CERTIFICATE-----…")
    """PEM of the external CA's parents, nearest first, the root last; empty if it is a root.
    Default: empty."""

    intermediate: StrictBool = setting(default=False, example=True)
    """Self-made only: an intermediate below the self-made root signs. Default: false."""

    @property
    def external(self) -> bool:
        """Whether the authority was made elsewhere."""
        return self.certificate is not None


class Pki(Model):
    """Who signs, with what, for how long."""

    profile: Literal["modern", "classic"] = setting("modern")
    """modern, or classic for RSA 4096, ten years and the subjects of older hand-made clusters.
    Default: modern."""

    algorithm: Algorithm = Field(
        default_factory=lambda data: PKI_PROFILES[data["profile"]].algorithm,
        examples=["ecdsa-p256"],
    )
    """Key algorithm of the self-made authorities and of all leaves. Default: ecdsa-p256, in
    profile classic rsa-4096."""

    subject: Subject = Field(
        default_factory=lambda data: Subject(**PKI_PROFILES[data["profile"]].subject),
        examples=[{"country": "DE", "organization": "Example Ltd"}],
    )
    """Subject fields of all certificates. Default: none, in profile classic its own."""

    signing: Number = setting(1)
    """The generation that signs leaves. Default: 1."""

    trusted: Annotated[tuple[Number, ...], BeforeValidator(as_tuple), Field(min_length=1)] = Field(
        default_factory=lambda data: (data["signing"],), examples=[[1]]
    )
    """The generations whose roots are in the trust bundle, signing among them.
    Default: the signing one."""

    generations: Mapping[GenerationNumber, Generation] = setting(
        {}, example={2: {"intermediate": True}}
    )
    """Authorities that are not plainly self-made, by number. Default: none."""

    lifetimes: Lifetimes = setting(
        {}, example={"server": {"validity": "365d"}}, validate_default=True
    )
    """How long certificates live, per role. Default: as listed there."""

    @property
    def signs_externally(self) -> bool:
        """Whether the signing generation was made elsewhere."""
        generation = self.generations.get(self.signing)
        return generation is not None and generation.external

    @field_validator("generations", mode="before")
    @classmethod
    def _self_made(cls, value: Any) -> Any:
        """A generation without a body (`2:`) is self-made."""
        if isinstance(value, dict):
            return {key: {} if body is None else body for key, body in value.items()}
        return value

    @field_validator("lifetimes", mode="before")
    @classmethod
    def _fill_lifetimes(cls, value: Any, info: ValidationInfo) -> Any:
        """The profile's values under whatever was given."""
        if not isinstance(value, dict):
            return value
        profile = PKI_PROFILES[info.data.get("profile", "modern")]
        filled = dict(value)
        for role, (validity, renew_before) in profile.lifetimes.items():
            given = value.get(role, {})
            if isinstance(given, dict):
                filled[role] = {"validity": validity, "renew_before": renew_before, **given}
        return filled
