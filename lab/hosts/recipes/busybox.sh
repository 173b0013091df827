#!/bin/sh
# In a base image's chroot: what a host with `userland="busybox"` has in place of Debian's programs.
# Applets, what Alpine has by package, and nothing else; not even bash.
set -eu

layer=/busybox
mkdir -p $layer/usr/bin $layer/usr/sbin $layer/etc
for applet in $(busybox --list); do
  ln -s busybox "$layer/usr/bin/$applet"
done

# Programs of the folder $1. They take no room: they are the same files.
keep() {
  folder=$1
  shift
  for program; do
    rm -f "$layer/usr/bin/$program"
    cp -al "/usr/$folder/$program" "$layer/usr/$folder/"
  done
}

keep bin busybox curl doas getfacl rc-status scp setfacl sftp ssh ssh-keygen sudo
keep sbin halt init nft openrc openrc-run openrc-shutdown poweroff rc-service rc-update reboot \
  runlevel shutdown sshd start-stop-daemon supervise-daemon telinit
for program in /usr/sbin/iptables* /usr/sbin/ip6tables* /usr/sbin/xtables-nft-multi; do
  keep sbin "${program##*/}"
done
# Applets that Alpine's busybox has and Debian's lacks.
keep bin flock install mountpoint pgrep pkill
for name in adduser addgroup deluser delgroup; do
  install -m 755 /recipes/accounts.sh "$layer/usr/sbin/$name"
done
mkdir -p $layer/usr/lib/shadow
cp -al /usr/sbin/useradd /usr/sbin/groupadd /usr/sbin/usermod /usr/sbin/userdel \
  /usr/sbin/groupdel $layer/usr/lib/shadow/

sed 's|:/bin/bash$|:/bin/ash|' /etc/passwd >$layer/etc/passwd
