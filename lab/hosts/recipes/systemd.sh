#!/bin/sh
# In a base image's chroot: a systemd host.
set -eu

systemctl enable --quiet ssh systemd-networkd
# Waits for a network that is there from the start, and cannot tell so in a container.
systemctl mask --quiet systemd-networkd-wait-online
if [ -e /lib/systemd/system/firewalld.service ]; then
  systemctl disable --quiet firewalld
fi
mkdir -p /var/log/journal
# Present and empty: every host gives itself one at its first boot, without asking anything.
: >/etc/machine-id
rm -f /var/lib/dbus/machine-id
