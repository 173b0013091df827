# Package managers: which one a machine has, which versions of etcd it offers, how it installs one
# without starting or restarting any service.

# The first that there is; apt-get under the name that its functions have.
package_manager() {
  for manager in apt-get dnf yum apk; do
    if command -v "$manager" >/dev/null; then
      echo "$manager" | tr -d -
      return
    fi
  done
}

packages_of_aptget() {
  apt_get update >/dev/null 2>&1 || :
  apt-cache madison etcd-server | cut -d '|' -f 2 | tr -d ' '
}

# A policy of the machine's own is left to decide.
install_by_aptget() (
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ] || grep -q etcd-cluster "$policy"; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 143' HUP INT TERM
    deny_etcd "$policy"
  fi
  apt_get install "etcd-server=$1" "etcd-client=$1"
)

# Debian asks this file before a package starts, restarts or stops a service.
deny_etcd() {
  {
    echo '#!/bin/sh'
    echo '# Made by etcd-cluster while it installs a package.'
    cat <<'POLICY'
case $1 in
  etcd*) exit 101 ;;
esac
POLICY
  } >"$1"
  chmod 0755 "$1"
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
    -o Acquire::Retries=2 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 \
    -o DPkg::Lock::Timeout=60 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold \
    "$@" </dev/null
}

packages_of_dnf() {
  rpm_packages dnf
}

install_by_dnf() {
  rpm_install dnf "$1"
}

packages_of_yum() {
  rpm_packages yum
}

install_by_yum() {
  rpm_install yum "$1"
}

# rpm_packages MANAGER: the newest last, as it lists them
rpm_packages() {
  "$1" -q -y --setopt=timeout=20 --setopt=retries=2 list --showduplicates etcd 2>/dev/null </dev/null |
    awk '$1 ~ /^etcd\./ { print $2 }'
}

# Its scripts could restart a running etcd, on all nodes at once.
rpm_install() {
  "$1" -q -y --setopt=timeout=20 --setopt=retries=2 --setopt=tsflags=noscripts \
    install "etcd-$2" </dev/null
}

packages_of_apk() {
  apk -q update >/dev/null 2>&1 || :
  apk policy etcd | awk '/^  [^ ]+:$/ { sub(/:$/, "", $1); print $1 }'
}

install_by_apk() {
  apk -q add "etcd=$1" "etcd-ctl=$1" </dev/null
}
