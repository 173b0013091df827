"""`.toolchain/env`: a person's own shell, set up for the dev stack."""

from __future__ import annotations

import shlex
from pathlib import Path

from toolchain import dev_stack, staging
from toolchain.layout import Layout

DEV_ENDPOINTS = ",".join(f"https://127.0.0.{last}:2379" for last in (11, 12, 13))
DEV_FIRST_NODE = "etcd1"

TEXT = """\
# Made by the toolchain. In sh, bash, zsh:  . {env}
# This shell then speaks to the project's dev stack and to nothing else: `pulumi` uses the state
# below .dev with the public pass phrase of that stack, `etcdctl` its members. For another stack
# take a fresh shell, copy the lines of the first part into it, and set that stack's own backend.

# What this shell said of other stacks: a pass phrase would win over the file, a backend's form
# would be taken for dev's.
for pulumi_variable in $(env | sed -n 's/^\\(PULUMI_[A-Za-z0-9_]*\\)=.*/\\1/p'); do
  [ "$pulumi_variable" = PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES ] || unset "$pulumi_variable"
done
unset pulumi_variable

# For any stack: our programs and their plugins.
export PATH={bin}:"$PATH"
export PULUMI_HOME={pulumi_home}
export PULUMI_SKIP_UPDATE_CHECK=true
{acquisition}
# For the dev stack alone.
export PULUMI_BACKEND_URL={backend}
export PULUMI_STACK={stack}
export PULUMI_CONFIG_PASSPHRASE_FILE={passphrase}
export ETCDCTL_ENDPOINTS={endpoints}
export ETCDCTL_CACERT={ca}
export ETCDCTL_CERT={certificate}
export ETCDCTL_KEY={key}
"""
NO_ACQUISITION = """\
# Plugins are stand-ins here: nothing is to be downloaded in their place.
export PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true
"""


def write(layout: Layout, *, stand_ins: bool) -> None:
    """Write the file; without `stand_ins` the engine may fetch further plugins by itself."""
    staging.write(layout.env, text(layout, stand_ins=stand_ins))


def text(layout: Layout, *, stand_ins: bool) -> str:
    """The file's text: every value quoted for the shell."""
    pki = layout.project / ".dev" / "nodes" / DEV_FIRST_NODE / "etc" / "pki"
    values: dict[str, Path | str] = {
        "env": layout.env,
        "bin": layout.bin,
        "pulumi_home": layout.pulumi_home,
        "backend": dev_stack.backend(layout),
        "stack": dev_stack.NAME,
        "passphrase": dev_stack.passphrase_file(layout),
        "endpoints": DEV_ENDPOINTS,
        "ca": pki / "ca.pem",
        "certificate": pki / "maintenance.pem",
        "key": pki / "maintenance.key",
    }
    quoted = {name: shlex.quote(str(value)) for name, value in values.items()}
    return TEXT.format(**quoted, acquisition=NO_ACQUISITION if stand_ins else "")
