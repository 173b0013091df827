#!/bin/sh
# In a base image's chroot: firewalld, which debootstrap cannot configure beside systemd.
set -eu

export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install firewalld
