"""The outputs that a stack reference has found, and what is missing among them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .problems import OutputsError, Problem

NOTHING = "nothing"
_CERTIFICATES = "consumers"
# Outputs that every version of etcd-cluster has, and by which its stacks are known.
_OURS = frozenset({"endpoints", "members", _CERTIFICATES})


@dataclass(frozen=True)
class Outputs:
    """`values` is output name to value, of `stack` (`organization/<project>/<stack>`)."""

    stack: str
    values: Mapping[str, Any]

    def output(self, name: str) -> Any:
        """An output. Raises OutputsError where there is none."""
        self._refuse(*self._missing(name))
        return self.values[name]

    def of_consumer(self, name: str, consumer: str) -> Mapping[str, Any]:
        """What an output (`apiserver`, `consumers`, …) holds for a consumer.

        Raises OutputsError where there is no such output, no such consumer, or only what the
        engine puts in the place of a secret.
        """
        unreadable = list(self._unreadable())
        # Then nobody can tell who the consumers are.
        hidden = unreadable and name == _CERTIFICATES
        missing = [] if hidden else [*self._missing(name), *self._unnamed(name, consumer)]
        self._refuse(*unreadable, *missing)
        found: Mapping[str, Any] = self.values[name][consumer]
        return found

    def field(self, name: str, consumer: str, field: str) -> Any:
        """One field of that. Raises OutputsError, also where an older etcd-cluster had none."""
        found = self.of_consumer(name, consumer)
        if field not in found:
            self._refuse(
                Problem(
                    f"{name}.{consumer}.{field}",
                    NOTHING,
                    f"that stack was brought up by an older etcd-cluster; there are {_list(found)}",
                    "run `pulumi up` of that stack with an etcd-cluster as new as this program",
                )
            )
        return found[field]

    def _refuse(self, *problems: Problem) -> None:
        if problems:
            raise OutputsError(self.stack, problems)

    def _missing(self, name: str) -> Iterator[Problem]:
        if name in self.values:
            return
        if not self.values:
            reason = "the stack has no outputs at all"
            remedy = "run `pulumi up` of that stack first"
        elif self.values.keys() >= _OURS:
            reason = f"is no output of that stack, which has {_list(self.values)}"
            remedy = "run `pulumi up` of that stack with an etcd-cluster as new as this program"
        else:
            reason = f"is no stack of etcd-cluster: its outputs are {_list(self.values)}"
            remedy = "refer to the etcd cluster's stack, such as organization/etcd-cluster/prod"
        yield Problem(name, NOTHING, reason, remedy)

    def _unnamed(self, name: str, consumer: str) -> Iterator[Problem]:
        named = self.values.get(name)
        if named is None or consumer in named:
            return
        yield Problem(
            f"{name}.{consumer}",
            NOTHING,
            f"no consumer has that name; there are {_list(named)}",
            f"add it in the stack file of {self.stack} and run `pulumi up` there: "
            f"`consumers: [{_list([*named, consumer])}]`",
        )

    def _unreadable(self) -> Iterator[Problem]:
        # A cluster always has a consumer: `operator`.
        if self.values.get(_CERTIFICATES) != {}:
            return
        yield Problem(
            _CERTIFICATES,
            "{}",
            "its secrets could not be decrypted, and the engine passes `{}` in their place",
            "give this run the pass phrase or the key of that stack: a run has one pass phrase, so "
            "either both stacks have the same (PULUMI_CONFIG_PASSPHRASE_FILE), or one of them has "
            "another secrets provider (`pulumi stack change-secrets-provider`)",
        )


def _list(names: Mapping[str, Any] | list[str]) -> str:
    return ", ".join(sorted(names))
