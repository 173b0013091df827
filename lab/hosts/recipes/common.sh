#!/bin/sh
# In a base image's chroot, first: what every host has, whatever its init.
set -eu

# An install on a host answers no question and starts nothing while the image is built.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d

for user in admin doer plain; do
  useradd --create-home --shell /bin/bash --password '*' "$user"
done
printf 'admin ALL=(ALL) NOPASSWD: ALL\n' >/etc/sudoers.d/admin
chmod 440 /etc/sudoers.d/admin
printf 'permit nopass doer\n' >/etc/doas.conf
chmod 400 /etc/doas.conf

# One key logs in as anybody. A host that is asked by many tests at once turns none away.
cat >/etc/ssh/sshd_config.d/tests.conf <<'CONF'
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/ssh/login.pub .ssh/authorized_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
UseDNS no
CONF
rm -f /etc/ssh/ssh_host_*
# A log of its own, the same under every init: it tells how many have logged in.
printf 'SSHD_OPTS="-E /var/log/sshd.log"\n' >/etc/default/ssh
