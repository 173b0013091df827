#!/bin/sh
# Runs a command in a control group, with all that it starts.
# Usage: in_group.sh GROUP COMMAND [ARGUMENT...]
set -eu
echo $$ >"$1/cgroup.procs"
shift
exec "$@"
