#!/bin/sh
# In a base image's chroot: an OpenRC host. debootstrap cannot configure these two in one go.
set -eu

export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install sysvinit-core openrc

# What a distribution starts is for hardware; a container has none to set up.
find /etc/runlevels -mindepth 2 -delete

cat >/etc/inittab <<'CONF'
id:2:initdefault:
si::sysinit:/sbin/openrc sysinit
rc::bootwait:/sbin/openrc boot
l2:2:wait:/sbin/openrc default
l0:0:wait:/sbin/openrc shutdown
h0:0:wait:/sbin/halt -d -f -p
l6:6:wait:/sbin/openrc reboot
r6:6:wait:/sbin/reboot -d -f
CONF

cat >/etc/init.d/host0 <<'CONF'
#!/sbin/openrc-run
description="The address that the tests gave this host"
depend() { provide net; }
start() {
  ip link set lo up && ip address replace "$(cat /etc/host0.address)" dev host0 &&
    ip link set host0 up
}
CONF

# sudo and the like tell it what was run, as on every real host.
cat >/etc/init.d/syslog <<'CONF'
#!/sbin/openrc-run
description="All messages in one file"
command=/usr/bin/busybox
command_args="syslogd -n -O /var/log/messages"
command_background=true
pidfile=/run/syslog.pid
depend() { provide logger; }
CONF

chmod 755 /etc/init.d/host0 /etc/init.d/syslog
rc-update -q add host0 boot
rc-update -q add syslog boot
rc-update -q add ssh default
