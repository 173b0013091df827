# The services that load a firewall's rules at boot.
# needs: files init_system settings

# firewall_closes FILE: what it says, without our own rules, turns somebody away.
firewall_closes() {
  grep -v -e '^[[:space:]]*#' -e "$(setting firewall_name)" "$1" 2>/dev/null |
    grep -qiw -e drop -e reject
}

# firewall_check_boot SERVICE FILE. A service that is off is switched on only if its FILE closes
# nothing: else the next boot would bring rules into force that nobody has tried, and Alpine's own
# let not even SSH in.
firewall_check_boot() {
  ! service_is_enabled "$1" || ! service_is_active "$1" || return 0
  ! firewall_closes "$2" ||
    problem "$2 drops packets, but is not in force: the service $1 is not both started and enabled; look through that file (is SSH let in?), then start and enable $1"
}

# firewall_start_at_boot SERVICE: from the next boot on. It is not started, which would do away with
# whatever was loaded by other means.
firewall_start_at_boot() {
  ! service_is_enabled "$1" || return 0
  echo "$1" >>"$(firewall_enabled)"
  service_enable "$1" boot
}

# firewall_leave_boot SERVICE FILE: as it was, if it was off before us and FILE still closes nothing.
firewall_leave_boot() {
  firewall_was_enabled_by_us "$1" && ! firewall_closes "$2" || return 0
  service_disable "$1"
  sed "/^$1\$/d" "$(firewall_enabled)" | write_atomically "$(firewall_enabled)"
}

firewall_was_enabled_by_us() {
  grep -qx "$1" "$(firewall_enabled)" 2>/dev/null
}

# The services that were off before us.
firewall_enabled() {
  echo "$(setting state_dir)/firewall_services"
}
