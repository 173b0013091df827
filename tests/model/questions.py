"""What scripts rely on in etcd, as one list of questions to a cluster, real or simulated. Each
situation is a short life of a cluster with what etcdctl answers in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Protocol

from components.spec.values.versions import SUPPORTED, recommended

RELEASES = tuple(map(recommended, SUPPORTED))
FIRST, SECOND, THIRD = "3.5", "3.6", "3.7"
# The same in every minor, one by minor, or one of several where it depends on moments.
Answers = str | Mapping[str, str] | frozenset[str]

DONE = "done"
SERVES, WAITS, ENDS = "serves", "waits", "ends"
SILENT = "refused: no answer in time"
ABSENT = "refused: connection refused"
UNHEALTHY = "refused: etcdserver: unhealthy cluster"
UNKNOWN = "refused: etcdserver: member not found"
TAKEN = "refused: etcdserver: Peer URLs already exists"
# An id is made of the URLs and the second in which a member is added.
ADDED_JUST_NOW = frozenset({TAKEN, "refused: etcdserver: member ID already exist"})
BEHIND = "refused: etcdserver: can only promote a learner member which is in sync with leader"
TOO_FEW = "refused: etcdserver: re-configuration failed due to not enough started members"
# 3.5 has its client try again until the deadline.
REFUSED_BY_LEARNER = "refused: etcdserver: rpc not supported for learner"
OF_A_LEARNER = {FIRST: SILENT, SECOND: REFUSED_BY_LEARNER, THIRD: REFUSED_BY_LEARNER}
# It ends when it has done so, and may not get as far as to say so.
OF_ITSELF = frozenset({DONE, "refused: etcdserver: server stopped"})
THREE = "etcd1 votes, etcd2 votes, etcd3 votes"
ADD = "member add etcd4 --learner --peer-urls={etcd4.peer}"
NEW = "is not there (unstarted, without a name)"


class Cluster(Protocol):
    """Members that are started and stopped one by one."""

    version: str

    @property
    def minor(self) -> str: ...
    def start(
        self, name: str, there: Sequence[str] = ..., *, state: str = ..., version: str = ...
    ) -> str: ...
    def stop(self, name: str) -> None: ...
    def lose(self, name: str) -> None: ...
    def ask(self, asked: str, words: str) -> str: ...
    def settle(self) -> None: ...
    def lead(self, name: str) -> None: ...
    def close(self) -> None: ...


class Interview:
    """`wrong`: the answers that differ from those expected."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.wrong: list[str] = []
        self.count = 0

    def says(self, asked: str, words: str, answers: Answers) -> None:
        self._compare(f"{asked}: {words}", self.cluster.ask(asked, words), answers)

    def starts(
        self, name: str, answers: Answers, *there: str, state: str = "new", version: str = ""
    ) -> None:
        told = there or ("etcd1", "etcd2", "etcd3")
        said = self.cluster.start(name, told, state=state, version=version)
        self._compare(f"{name} starts {version or 'as it is'}, {state} with {told}", said, answers)

    def found(self, *names: str) -> None:
        """The last one serves at once, and those before it by then. The first one leads."""
        for name in names[:-1]:
            self.cluster.start(name, names)
        self.starts(names[-1], SERVES, *names)
        self.cluster.settle()
        self.cluster.lead(names[0])

    def _compare(self, question: str, said: str, answers: Answers) -> None:
        self.count += 1
        expected = answers[self.cluster.minor] if isinstance(answers, Mapping) else answers
        right = {expected} if isinstance(expected, str) else expected
        if said not in right:
            told = " or ".join(sorted(right))
            self.wrong.append(f"{question}\n    says      {said}\n    should be {told}")


def founders_start_one_by_one(asks: Interview) -> None:
    asks.starts("etcd1", WAITS)
    asks.says("etcd1", "endpoint status Leader", SILENT)
    asks.says("etcd1", "get health", SILENT)
    asks.says("etcd2", "endpoint status Leader", ABSENT)
    asks.says("etcd2", "get health", ABSENT)
    asks.starts("etcd2", SERVES)
    late = "etcd1 votes, etcd2 votes, etcd3 votes is not there (started, named)"
    asks.says("etcd1", "get health", DONE)
    asks.says("etcd1", "member list", late)
    asks.says("etcd1", ADD, UNHEALTHY)
    asks.starts("etcd3", SERVES)
    asks.says("etcd1", "member list", THREE)
    asks.says("etcd3", "get health", DONE)
    # All are there, but not yet for long enough.
    asks.says("etcd1", ADD, UNHEALTHY)


def three_are_healthy(asks: Interview) -> None:
    asks.found("etcd1", "etcd2", "etcd3")
    asks.says("etcd1", "get health", DONE)
    asks.says("etcd2", "endpoint status Leader", "etcd1")
    asks.says("etcd2", "endpoint status MemberID", "etcd2")
    asks.says("etcd1,etcd3", "endpoint status MemberID", "etcd1 etcd3")
    asks.says("etcd1", "endpoint status Errors", "[]")
    asks.says("etcd1", "alarm list", "none")
    asks.says("etcd1", "user list", DONE)
    asks.says("etcd1", "member remove deadbeef", UNKNOWN)
    asks.says("etcd1", "member promote deadbeef", UNKNOWN)
    asks.says("etcd1", "member update deadbeef --peer-urls={etcd4.peer}", UNKNOWN)
    asks.says("etcd1", "member update {etcd2} --peer-urls={etcd3.peer}", TAKEN)
    asks.says("etcd1", "member add etcd4 --learner --peer-urls={etcd3.peer}", TAKEN)
    asks.says(
        "etcd1", "member promote {etcd2}", "refused: etcdserver: can only promote a learner member"
    )
    asks.says("etcd1", "member update {etcd3} --peer-urls={etcd3.peer}", DONE)


def leadership_is_moved(asks: Interview) -> None:
    asks.found("etcd1", "etcd2", "etcd3")
    asks.says("etcd1", "move-leader {etcd1}", DONE)
    asks.says("etcd1", "move-leader {etcd2}", DONE)
    asks.says("etcd3", "endpoint status Leader", "etcd2")
    asks.says("etcd1", "move-leader {etcd3}", "refused: no leader endpoint given")
    bad = "refused: etcdserver: bad leader transferee"
    asks.says("etcd2", "move-leader deadbeef", bad)
    asks.says("etcd2", ADD, DONE)
    asks.says("etcd2", "move-leader {etcd4}", bad)
    asks.cluster.stop("etcd3")
    asks.says("etcd2", "move-leader {etcd3}", SILENT)
    asks.says("etcd1", "endpoint status Leader", "etcd2")


def a_learner_joins(asks: Interview) -> None:
    four = ("etcd1", "etcd2", "etcd3", "etcd4")
    asks.found(*four[:3])
    asks.says("etcd1", ADD, DONE)
    asks.says("etcd1", "member list", f"{THREE}, etcd4 learns {NEW}")
    asks.says(
        "etcd1",
        "member add etcd5 --learner --peer-urls={etcd5.peer}",
        "refused: etcdserver: too many learner members in cluster",
    )
    asks.says("etcd1", "member promote {etcd4}", BEHIND)
    asks.starts("etcd4", ENDS, "etcd1", "etcd4", state="existing")
    asks.starts("etcd4", ENDS, *four, "etcd5", state="existing")
    asks.starts("etcd4", SERVES, *four, state="existing")
    asks.says("etcd1", ADD, ADDED_JUST_NOW)
    asks.says("etcd1", "member list", f"{THREE}, etcd4 learns")
    asks.says("etcd4", "endpoint status Leader", "etcd1")
    asks.says("etcd4", "get health", OF_A_LEARNER)
    asks.says("etcd4", "member list", OF_A_LEARNER)
    asks.says("etcd4,etcd1", "member list", f"{THREE}, etcd4 learns")
    asks.cluster.settle()
    asks.says("etcd1", "member promote {etcd4}", DONE)
    asks.says("etcd1", "member list", f"{THREE}, etcd4 votes")
    asks.says("etcd4", "get health", DONE)
    # Who leads may go as any other.
    asks.says("etcd1", "member remove {etcd1}", OF_ITSELF)
    asks.cluster.settle()
    asks.says("etcd1", "endpoint status Leader", ABSENT)
    asks.says("etcd2", "member list", "etcd2 votes, etcd3 votes, etcd4 votes")
    asks.starts("etcd1", ENDS)


def one_of_three_is_down(asks: Interview) -> None:
    asks.found("etcd1", "etcd2", "etcd3")
    asks.cluster.stop("etcd3")
    asks.says("etcd1", "get health", DONE)
    asks.says("etcd3", "get health", ABSENT)
    asks.says("etcd3,etcd1", "get health", DONE)
    asks.says("etcd3", "endpoint status Leader", ABSENT)
    asks.says("etcd1", "member list", THREE)
    asks.says("etcd1", ADD, UNHEALTHY)
    asks.says("etcd1", "member remove {etcd2}", UNHEALTHY)
    asks.says("etcd1", "member remove {etcd1}", UNHEALTHY)
    asks.says("etcd1", "member update {etcd3} --peer-urls={etcd5.peer}", DONE)
    asks.says("etcd1", "member update {etcd5} --peer-urls={etcd3.peer}", DONE)
    asks.says("etcd1", "member remove {etcd3}", DONE)
    asks.says("etcd1", "member list", "etcd1 votes, etcd2 votes")
    # It hears that it was removed.
    asks.cluster.start("etcd3")
    asks.cluster.settle()
    asks.says("etcd3", "endpoint status Leader", ABSENT)
    asks.starts("etcd3", ENDS)


def there_is_no_quorum(asks: Interview) -> None:
    asks.found("etcd1", "etcd2", "etcd3")
    asks.cluster.stop("etcd2")
    asks.cluster.stop("etcd3")
    asks.cluster.settle()
    asks.says("etcd1", "get health", SILENT)
    asks.says("etcd1", "member list", SILENT)
    asks.says("etcd1", "alarm list", SILENT)
    asks.says("etcd1", ADD, UNHEALTHY)
    asks.says("etcd1", "member remove {etcd3}", SILENT)
    asks.says("etcd1", "endpoint status Leader", "nobody")
    asks.says("etcd1", "endpoint status MemberID", "etcd1")
    asks.says("etcd1", "endpoint status Errors", "[etcdserver: no leader]")
    asks.says("etcd1", "move-leader {etcd2}", "refused: no leader endpoint given")
    asks.starts("etcd2", SERVES)
    asks.says("etcd1", "get health", DONE)
    asks.says("etcd1", "member list", THREE)


def data_is_lost(asks: Interview) -> None:
    asks.found("etcd1", "etcd2", "etcd3")
    asks.cluster.stop("etcd3")
    asks.cluster.lose("etcd3")
    # The others say that it has been there, also to one that is told of another cluster.
    asks.starts("etcd3", ENDS)
    asks.starts("etcd3", ENDS, "etcd2", "etcd3")
    # A list that differs, as somebody has gone.
    asks.starts("etcd3", ENDS, "etcd1", "etcd3", state="existing")
    asks.cluster.stop("etcd1")
    asks.cluster.stop("etcd2")
    asks.starts("etcd3", ENDS, state="existing")
    # Nobody is there to say so.
    asks.starts("etcd3", WAITS)


def data_is_there(asks: Interview) -> None:
    """What it is told of a cluster is read without data alone."""
    asks.found("etcd1", "etcd2", "etcd3")
    asks.cluster.stop("etcd3")
    asks.starts("etcd3", SERVES, "etcd3")
    asks.cluster.stop("etcd3")
    asks.starts("etcd3", SERVES, "etcd3", "etcd4", state="existing")
    asks.says("etcd3", "get health", DONE)
    asks.says("etcd3", "member list", THREE)


def one_grows_and_shrinks(asks: Interview) -> None:
    asks.found("etcd1")
    asks.says("etcd1", "member remove {etcd1}", TOO_FEW)
    asks.says("etcd1", "member add etcd4 --peer-urls={etcd4.peer}", DONE)
    # Two of two are needed now, and one has never been there.
    asks.says("etcd1", "get health", SILENT)
    asks.starts("etcd4", SERVES, "etcd1", "etcd4", state="existing")
    asks.says("etcd4", "get health", DONE)
    asks.cluster.settle()
    asks.says("etcd1", "member remove {etcd4}", DONE)
    asks.says("etcd1", "get health", DONE)
    asks.says("etcd1", "member list", "etcd1 votes")


def one_was_added_and_never_came(asks: Interview) -> None:
    asks.found("etcd1", "etcd2", "etcd3")
    asks.says("etcd1", "member add etcd4 --peer-urls={etcd4.peer}", DONE)
    asks.says("etcd1", "member list", f"{THREE}, etcd4 votes {NEW}")
    # Three of five would be a majority, and of six not.
    asks.says("etcd1", "member add etcd5 --peer-urls={etcd5.peer}", DONE)
    asks.says("etcd1", ADD, UNHEALTHY)
    asks.says("etcd1", "member remove {etcd3}", TOO_FEW)
    asks.cluster.stop("etcd3")
    asks.says("etcd1", "get health", SILENT)
    asks.starts("etcd3", SERVES)
    asks.says("etcd1", "member remove {etcd4}", DONE)
    asks.says("etcd1", "member remove {etcd5}", DONE)
    asks.says("etcd1", "member list", THREE)


def one_of_four_is_down(asks: Interview) -> None:
    asks.found("etcd1", "etcd2", "etcd3", "etcd4")
    asks.cluster.stop("etcd4")
    asks.says("etcd1", "member add etcd5 --learner --peer-urls={etcd5.peer}", DONE)
    asks.cluster.stop("etcd3")
    asks.says("etcd1", "member remove {etcd5}", SILENT)
    asks.says("etcd1", "member promote {etcd5}", SILENT)


def nobody_goes_down_from_the_oldest(asks: Interview) -> None:
    asks.found("etcd1")
    asks.says("etcd1", "endpoint status StorageVersion", "not said")
    asks.says("etcd1", "endpoint status DowngradeEnabled", "not said")


def a_member_goes_down_and_up(asks: Interview) -> None:
    """From one minor to the one before it, and back before all have followed."""
    older = before(asks.cluster.version)
    down = older.rpartition(".")[0]
    wrong = "refused: etcdserver: invalid downgrade target version"
    asks.found("etcd1", "etcd2", "etcd3")
    asks.says("etcd1", "endpoint status Version", asks.cluster.version)
    asks.says("etcd1", "endpoint status StorageVersion", f"{asks.cluster.minor}.0")
    asks.says("etcd1", "endpoint status DowngradeTargetVersion", "none")
    asks.says("etcd1", f"downgrade validate {asks.cluster.minor}", wrong)
    asks.says("etcd1", "downgrade validate 3.4", wrong)
    asks.says("etcd2", f"downgrade validate {down}", DONE)
    asks.cluster.stop("etcd3")
    asks.starts("etcd3", ENDS, version=older)
    asks.starts("etcd3", SERVES)
    asks.says("etcd1", f"downgrade enable {down}", DONE)
    # By then the cluster may be of the older version, which is no target either.
    in_progress = "refused: etcdserver: cluster has a downgrade job in progress"
    asks.says("etcd1", f"downgrade enable {down}", frozenset({in_progress, wrong}))
    asks.cluster.settle()
    asks.says("etcd2", "endpoint status DowngradeEnabled", "true")
    asks.says("etcd2", "endpoint status DowngradeTargetVersion", f"{down}.0")
    asks.says("etcd2", "endpoint status StorageVersion", f"{down}.0")
    asks.cluster.stop("etcd3")
    asks.starts("etcd3", SERVES, version=older)
    asks.says("etcd3", "endpoint status Version", older)
    asks.says("etcd1", "downgrade cancel", DONE)
    asks.says("etcd1", "endpoint status DowngradeEnabled", "false")
    asks.cluster.settle()
    # As long as one is of the older minor, what it reads is written.
    asks.says("etcd1", "endpoint status StorageVersion", f"{down}.0")
    asks.cluster.stop("etcd3")
    asks.starts("etcd3", SERVES)


def before(version: str) -> str:
    """The release of the minor before."""
    return RELEASES[RELEASES.index(version) - 1]


SITUATIONS: dict[str, Callable[[Interview], None]] = {
    situation.__name__: situation
    for situation in (
        a_member_goes_down_and_up,
        nobody_goes_down_from_the_oldest,
        founders_start_one_by_one,
        three_are_healthy,
        leadership_is_moved,
        a_learner_joins,
        one_of_three_is_down,
        there_is_no_quorum,
        data_is_lost,
        data_is_there,
        one_grows_and_shrinks,
        one_was_added_and_never_came,
        one_of_four_is_down,
    )
}
# Versions with the situations that each is asked about.
OF_EACH = [
    (version, name)
    for version in RELEASES
    for name, situation in SITUATIONS.items()
    if situation
    is not (
        a_member_goes_down_and_up if version == RELEASES[0] else nobody_goes_down_from_the_oldest
    )
]


def releases_of(version: str, situation: str) -> list[str]:
    """Those that this version is asked with in that situation."""
    goes_down = SITUATIONS[situation] is a_member_goes_down_and_up
    return [version, *([before(version)] if goes_down else [])]


def wrong_answers(cluster: Cluster, situation: Callable[[Interview], None]) -> list[str]:
    """Those that differ from the list's. The cluster is of no use afterwards."""
    interview = Interview(cluster)
    with closing(cluster):
        situation(interview)
    assert interview.count
    return interview.wrong
