#!/bin/sh
# One host, from power on to power off.
# Usage: boot.sh GROUP INTERFACE NSPAWN-ARGUMENT...
set -eu

group=$1 interface=$2
shift 2
# Its own group is what is powered off; and without one the hosts' units would share one tree.
echo $$ >"$group/cgroup.procs"
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1

# How systemd-nspawn ends when the host asked for a reboot.
status=133
while [ "$status" -eq 133 ]; do
  # The one of the boot before may still be there.
  ip link delete "$interface" 2>/dev/null || true
  status=0
  systemd-nspawn "$@" || status=$?
done
exit "$status"
