# A policy of our own for whatever comes to this machine, of whichever zone, asked before the zones
# are: so it holds in every zone, and no zone opens our ports to others. It is one file, written and
# removed as a whole.
# needs: files firewall init_system say settings variables
# sets: last_output

firewall_firewalld_tools() {
  echo firewall-cmd
}

firewall_firewalld_check() {
  command -v firewall-cmd >/dev/null || return 0
  if ! firewall-cmd --state >/dev/null 2>&1; then
    problem "firewalld is not running; start it, or set another firewall"
    return 0
  fi
  service_is_enabled firewalld ||
    problem "firewalld is not started at boot, so its rules would end with the next one; enable it"
  if ! firewall-cmd --get-policies >/dev/null 2>&1; then
    problem "firewalld $(firewall-cmd --version) is older than 0.9, which brought policies; set another firewall"
  elif ! firewalld_in_force && [ "$(firewalld_settings)" != "$(firewalld_settings --permanent)" ]; then
    problem "firewalld has settings that are not permanent, and loading ours would end them; keep them (firewall-cmd --runtime-to-permanent) or end them (firewall-cmd --reload)"
  fi
}

firewall_firewalld_make() {
  firewall_remember firewalld
  ! firewalld_in_force || return 0
  make_folders "$(dirname "$(firewalld_file)")"
  firewalld_policy | write_atomically "$(firewalld_file)"
  firewalld_load
  firewalld_policy | write_atomically "$(setting state_dir)/firewalld.xml"
}

firewall_firewalld_remove() {
  if [ -e "$(firewalld_file)" ]; then
    rm "$(firewalld_file)"
    if firewall-cmd --state >/dev/null 2>&1; then
      firewalld_load
    fi
  fi
  # firewalld keeps a copy of what it has once written anew (--runtime-to-permanent).
  rm -f "$(firewalld_file).old"
}

firewalld_file() {
  echo "/etc/firewalld/policies/$(setting firewall_name).xml"
}

# firewalld_in_force: the policy is written as it should be, and was loaded since.
firewalld_in_force() {
  firewalld_policy | cmp -s - "$(firewalld_file)" &&
    cmp -s "$(firewalld_file)" "$(setting state_dir)/firewalld.xml"
}

firewalld_load() {
  last_output=$(firewall-cmd --reload 2>&1) || fail "firewalld does not load the rules: $last_output"
}

# firewalld_settings [--permanent]: all that a reload replaces. Interfaces are bound for the moment
# by whoever manages the network, and stay where they are.
firewalld_settings() {
  {
    firewall-cmd "$@" --list-all-zones
    firewall-cmd "$@" --list-all-policies
    firewall-cmd "$@" --direct --get-all-rules
  } | sed -e 's/ (.*)$//' -e '/^  interfaces:/d'
}

firewalld_policy() {
  cat <<EOF
<?xml version="1.0" encoding="utf-8"?>
<policy priority="-100" target="CONTINUE">
  <short>$(setting firewall_name)</short>
  <description>etcd's ports. Every preparation of the node writes this file anew.</description>
  <ingress-zone name="ANY"/>
  <egress-zone name="HOST"/>
$(firewalld_accept ipv4 "$(setting firewall_peers_ipv4)" "$(setting firewall_ports)")
$(firewalld_accept ipv6 "$(setting firewall_peers_ipv6)" "$(setting firewall_ports)")
$(firewalld_accept ipv4 "$(firewall_leaving ipv4)" "$(setting firewall_ports)")
$(firewalld_accept ipv6 "$(firewall_leaving ipv6)" "$(setting firewall_ports)")
$(firewalld_accept ipv4 "$(setting firewall_clients_ipv4)" "$(setting firewall_client_ports)")
$(firewalld_accept ipv6 "$(setting firewall_clients_ipv6)" "$(setting firewall_client_ports)")
$(firewalld_drop)
</policy>
EOF
}

# firewalld_accept FAMILY SOURCES PORTS
firewalld_accept() {
  for source in $(echo "$2" | tr ',' ' '); do
    for port in $(echo "$3" | tr ',' ' '); do
      echo "  <rule family=\"$1\" priority=\"1\"><source address=\"$source\"/><port port=\"$port\" protocol=\"tcp\"/><accept/></rule>"
    done
  done
}

firewalld_drop() {
  for port in $(setting firewall_ports | tr ',' ' '); do
    echo "  <rule priority=\"2\"><port port=\"$port\" protocol=\"tcp\"/><drop/></rule>"
  done
}
