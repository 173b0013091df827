#!/bin/sh
# Holds one run's mounts in a mount namespace of its own, and takes everything of the run away when
# its standard input ends: when the tests say so, or when they are gone, however they ended.
# Usage: keeper.sh FOLDER GROUP, both the run's own; the names of its bridges on standard input
set -u
trap '' HUP INT TERM

folder=$1 group=$2 bridges=

# systemd-nspawn wants a mount here; this one is seen by this run's hosts alone.
mkdir -p /run/systemd/nspawn
mount -t tmpfs -o mode=755 tmpfs /run/systemd/nspawn
echo ready
while read -r bridge; do
  bridges="$bridges $bridge"
done

echo 1 >"$group/cgroup.kill"
tries=100
while grep -q 'populated 1' "$group/cgroup.events" && [ "$tries" -gt 0 ]; do
  sleep 0.05
  tries=$((tries - 1))
done
for host in "$folder"/hosts/*; do
  # With open sockets an interface outlives its host by a minute.
  ip link delete "vb-${host##*/}" 2>/dev/null
  umount -l "$host/root" 2>/dev/null
done
for bridge in $bridges; do
  nft delete table bridge "$bridge" 2>/dev/null
  ip link delete "$bridge"
done
# A Kubernetes node has groups of the same name in the hierarchies of the first version.
for each in "${group%/*/*}"/*/"${group##*/}"; do
  find "$each" -depth -type d -exec rmdir {} +
done
rm -rf --one-file-system "$folder"
