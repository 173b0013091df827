#!/bin/sh
# In a base image's chroot, last: nothing of how it was built stays.
set -eu

rm -f /usr/sbin/policy-rc.d /etc/resolv.conf /etc/hostname
apt-get -qq clean
find /var/lib/apt/lists /var/cache/apt /var/log -type f -delete
rm -rf /usr/share/doc /usr/share/man /usr/share/locale
