"""etcdctl for people on the node: a file for /etc/profile.d, and the certificate that it names."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from components.member.credentials import Pair
from components.member.files import File, text_file
from components.member.member import Member
from components.pki.roles import CA_FILE, CERTIFICATE_MODE

OPERATOR_KEY_MODE = 0o640


def shell_profile_files(
    member: Member, operator: Pair, endpoints: Iterable[str]
) -> tuple[File, ...]:
    """The profile and the operator's pair; nothing if the stack file asks for no profile. All of it
    is hot: etcd does not read it. `endpoints`: client URLs of all members, or fewer show less."""
    profile = member.node.shell_profile
    if profile is None:
        return ()
    key = File(
        "pki/operator.key", operator.key.encode(), mode=OPERATOR_KEY_MODE, group=profile.group
    )
    text = profile_text(member.layout.config, profile.group, endpoints)
    return (
        text_file("pki/operator.pem", operator.certificate, mode=CERTIFICATE_MODE),
        key,
        text_file("profile.sh", text),
    )


def profile_text(config: Path, group: str, endpoints: Iterable[str]) -> str:
    """What a login shell of any kind reads, also one that ends at unset variables or errors. What a
    person has set stays."""
    pki = config / "pki"
    variables = {
        "ETCDCTL_ENDPOINTS": ",".join(endpoints),
        "ETCDCTL_CACERT": pki / CA_FILE,
        "ETCDCTL_CERT": pki / "operator.pem",
        "ETCDCTL_KEY": pki / "operator.key",
    }
    exports = "".join(
        f'  [ -n "${{{name}+set}}" ] || export {name}={shlex.quote(str(value))}\n'
        for name, value in variables.items()
    )
    programs = shlex.quote(str(config / "bin"))
    return (
        f"# etcdctl for members of the group {group}. Written by the stack, like its key.\n"
        f"if [ -r {shlex.quote(str(variables['ETCDCTL_KEY']))} ]; then\n"
        f"{exports}"
        f"  case :$PATH: in *:{programs}:*) ;; *) PATH=$PATH:{programs} ;; esac\n"
        "fi\n"
    )
