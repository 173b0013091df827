"""Which versions: read from the files that pin them, so that nothing is written down twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DEV_ETCD = "3.6.16"  # what stacks/Pulumi.dev.yaml runs; a test keeps the two equal

ENGINE = "github.com/pulumi/pulumi/pkg/v3"
ENGINE_MODULE = Path("toolchain", "go", "pulumi", "go.mod")
_REQUIRED = re.compile(r"^(?:require |\t)(\S+) (v\S+)$", re.MULTILINE)

_COMPARATOR = re.compile(r"(>=|<=|!=|>|<|==?|!)?\s*v?(\d+(?:\.\d+)*)")


@dataclass(frozen=True)
class Versions:
    """What the project runs on."""

    engine: str
    """Of the engine that is built, where a person has none. It may be newer than the SDK."""
    tls: str
    command: str
    kubernetes: str
    pulumi_range: str
    """`requiredPulumiVersion` of Pulumi.yaml, as in `>=3.253.0 <4.0.0`."""


def read(project: Path) -> Versions:
    """The versions of the lock file, of Pulumi.yaml and of the engine's Go module."""
    lock = (project / "requirements.txt").read_text()
    definition = (project / "Pulumi.yaml").read_text()
    return Versions(
        engine=required((project / ENGINE_MODULE).read_text())[ENGINE].removeprefix("v"),
        tls=_pin(lock, "pulumi-tls"),
        command=_pin(lock, "pulumi-command"),
        kubernetes=_pin(lock, "pulumi-kubernetes"),
        pulumi_range=_field(definition, "requiredPulumiVersion"),
    )


def _pin(lock: str, package: str) -> str:
    found = re.search(rf"^{re.escape(package)}==(\S+)", lock, re.MULTILINE)
    if not found:
        raise ValueError(f"requirements.txt does not pin {package}")
    return found[1]


def required(go_mod: str) -> dict[str, str]:
    """What a wrapper module pins itself, not what that needs: version by module."""
    return dict(_REQUIRED.findall(go_mod))


def _field(yaml: str, name: str) -> str:
    found = re.search(rf"""^{name}:\s*["']?([^"'#\n]+?)["']?\s*(?:#.*)?$""", yaml, re.MULTILINE)
    if not found:
        raise ValueError(f"Pulumi.yaml does not say {name}")
    return found[1]


def satisfies(version: str, wanted: str) -> bool:
    """Whether a version lies in a range as Pulumi writes them: blanks are and, `||` is or."""
    return any(_all_hold(version, part) for part in wanted.split("||"))


def _all_hold(version: str, comparators: str) -> bool:
    return all(
        _holds(numbers(version), operator, numbers(bound))
        for operator, bound in _COMPARATOR.findall(comparators)
    )


def _holds(version: tuple[int, ...], operator: str, bound: tuple[int, ...]) -> bool:
    match operator:
        case ">=":
            return version >= bound
        case ">":
            return version > bound
        case "<=":
            return version <= bound
        case "<":
            return version < bound
        case "!" | "!=":
            return version != bound
        case _:
            return version == bound


def numbers(version: str) -> tuple[int, ...]:
    """`v3.253.0-rc.1` as (3, 253, 0): what comes after the numbers does not count."""
    found = re.match(r"v?(\d+(?:\.\d+)*)", version)
    return tuple(int(part) for part in found[1].split(".")) if found else ()
