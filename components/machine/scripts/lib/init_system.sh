# The init system of this machine, whatever keeps etcd running on it: the services of a firewall, of a package
# and of the clock are its business.

# init_system: prints systemd or openrc; nothing where it is neither.
init_system() {
  if [ -d /run/systemd/system ]; then
    echo systemd
  elif [ -d /run/openrc ]; then
    echo openrc
  fi
}

# service_is_enabled NAME: it starts at boot.
service_is_enabled() {
  case $(init_system) in
    openrc) [ -n "$(find /etc/runlevels -name "$1")" ] ;;
    *) systemctl --quiet is-enabled "$1" 2>/dev/null ;;
  esac
}

# service_is_active NAME
service_is_active() {
  case $(init_system) in
    openrc) rc-service "$1" status >/dev/null 2>&1 ;;
    *) systemctl --quiet is-active "$1" ;;
  esac
}

# service_enable NAME RUNLEVEL: from the next boot on; nothing is started now. systemd has no runlevels.
service_enable() {
  case $(init_system) in
    openrc) rc-update --quiet add "$1" "$2" ;;
    *) systemctl --quiet enable "$1" ;;
  esac
}

# service_disable NAME: in every runlevel that has it; nothing is stopped now.
service_disable() {
  case $(init_system) in
    openrc)
      find /etc/runlevels -name "$1" | while read -r enabled; do
        runlevel=${enabled%/*}
        rc-update --quiet del "$1" "${runlevel##*/}"
      done
      ;;
    *) systemctl --quiet disable "$1" ;;
  esac
}
