# What the firewalls have in common: services that load rules at boot, and chains of other people.

# firewall_starts_at_boot SERVICE
firewall_starts_at_boot() {
  case $(setting runtime) in
    openrc) [ -n "$(find /etc/runlevels -name "$1")" ] ;;
    *) systemctl --quiet is-enabled "$1" 2>/dev/null ;;
  esac
}

# firewall_is_started SERVICE
firewall_is_started() {
  case $(setting runtime) in
    openrc) rc-service "$1" status >/dev/null 2>&1 ;;
    *) systemctl --quiet is-active "$1" ;;
  esac
}

# firewall_start_at_boot SERVICE: from the next boot on. It is not started, which would do away with
# whatever was loaded by other means.
firewall_start_at_boot() {
  ! firewall_starts_at_boot "$1" || return 0
  case $(setting runtime) in
    openrc) rc-update --quiet add "$1" boot ;;
    *) systemctl --quiet enable "$1" ;;
  esac
}

# firewall_check_boot SERVICE FILE. A service that is off is switched on only if its FILE drops
# nothing yet: else the next boot would bring rules into force that nobody has tried, and Alpine's
# own let not even SSH in.
firewall_check_boot() {
  ! firewall_starts_at_boot "$1" || ! firewall_is_started "$1" || return 0
  if grep -v -e '^[[:space:]]*#' -e "$(setting firewall_name)" "$2" 2>/dev/null |
    grep -qiw -e drop -e reject; then
    problem "$2 drops packets, but is not in force: the service $1 is not both started and enabled; look through that file (is SSH let in?), then start and enable $1"
  fi
}

# firewalld replaces what others put into its chains.
firewall_check_no_firewalld() {
  if command -v firewall-cmd >/dev/null && firewall-cmd --state >/dev/null 2>&1; then
    problem "firewalld runs on this machine; set \`firewall: firewalld\`, or stop and disable it"
  fi
}

# Prints "family table chain" of each chain for incoming packets, but for our own, that drops what
# it does not know: by its policy, or by its last rule.
firewall_closed_chains() {
  nft --stateless list ruleset | awk -v ours="$(setting firewall_name)" '
    $1 == "table" { table = $2 " " $3; own = $3 == ours }
    $1 == "chain" { chain = $2; incoming = 0; closed = 0 }
    $1 == "type" && / hook input / { incoming = 1; policy = / policy drop;/; next }
    incoming && $1 != "}" { closed = /^[ \t]*(counter |log (prefix "[^"]*" )?([a-z-]+ [a-z0-9]+ )*)*(drop|reject)/ }
    incoming && $1 == "}" { if (!own && (policy || closed)) print table, chain; incoming = 0 }'
}

# firewall_remember BACKEND: the rules of another one that an earlier run has made are taken back.
firewall_remember() {
  memory=$(setting state_dir)/firewall
  former=$(cat "$memory" 2>/dev/null || echo "$1")
  if [ "$former" != "$1" ]; then
    # shellcheck source=/dev/null
    . "${scripts:?}/parts/firewall_$former.sh"
    "firewall_${former}_remove"
  fi
  echo "$1" | write_atomically "$memory"
}

# rewrite FILE: as write_atomically, but the file keeps its owner and mode.
rewrite() {
  [ ! -e "$1" ] || cp -p "$1" "$1.new"
  write_atomically "$1"
}
