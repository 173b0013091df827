# A table of our own turns strangers away before any other chain sees them. To let somebody in it
# is not enough: in nftables a packet has to pass every chain. So each chain of the machine's own
# that drops what it does not know gets one rule for our ports, which only the allowed come to.
# needs: firewall firewall_services say settings variables
# sets: last_output

firewall_nftables_tools() {
  echo nft
}

firewall_nftables_check() {
  command -v nft >/dev/null || return 0
  firewall_check_no_firewalld
  conf=$(nftables_conf)
  if [ -z "$conf" ]; then
    problem "no file is loaded by nftables at boot (/etc/nftables.conf, /etc/nftables.nft, /etc/sysconfig/nftables.conf); install the package nftables with its service"
    return 0
  fi
  last_output=$(nft --check --file "$conf" 2>&1) ||
    problem "nftables cannot load $conf: $(echo "$last_output" | head -n 1)"
  firewall_check_boot nftables "$conf"
  while read -r chain; do
    [ -z "$chain" ] || nftables_makes "$chain" ||
      problem "the chain \"$chain\" drops what it does not know, and $conf does not make it, so no rule of ours would stay in it; make it there, or set \`firewall: iptables\` if iptables makes it"
  done <<EOF
$(firewall_closed_chains)
EOF
}

firewall_nftables_make() {
  firewall_remember nftables
  firewall_start_at_boot nftables
  conf=$(nftables_conf)
  rules=$(nftables_file)
  nftables_rules >"$rules.next"
  { nftables_deletions && cat "$rules.next"; } | nft --file - ||
    fail "nftables refuses the rules in $rules.next"
  mv "$rules.next" "$rules"
  grep -qxF "$(nftables_include)" "$conf" || printf '\n%s\n' "$(nftables_include)" >>"$conf"
}

firewall_nftables_remove() {
  if command -v nft >/dev/null; then
    { nftables_deletions && nftables_no_table; } | nft --file -
  fi
  conf=$(nftables_conf)
  if grep -qxF "$(nftables_include)" "$conf" 2>/dev/null; then
    # The empty line before it is ours too.
    awk -v ours="$(nftables_include)" '
      $0 == ours { held = 0; next }
      held { print "" }
      { held = $0 == ""; if (!held) print }
      END { if (held) print "" }' "$conf" >"$conf.without"
    rewrite "$conf" <"$conf.without"
    rm "$conf.without"
  fi
  firewall_leave_boot nftables "$conf"
  rm -f "$(nftables_file)"
}

# What the service nftables loads: Red Hat's, Alpine's, everybody else's.
nftables_conf() {
  for known in /etc/sysconfig/nftables.conf /etc/nftables.nft /etc/nftables.conf; do
    if [ -e "$known" ]; then
      echo "$known"
      return
    fi
  done
}

nftables_file() {
  echo "/etc/nftables-$(setting firewall_name).nft"
}

# At the end of the file, behind the chains that get a rule. As a pattern: a missing file that is
# named outright would keep the whole firewall from being loaded.
nftables_include() {
  echo "include \"$(nftables_file | sed 's/t$/[t]/')\""
}

# nftables_makes "FAMILY TABLE CHAIN": the chain comes from what is loaded at boot.
nftables_makes() {
  printf 'flush ruleset\ninclude "%s"\ninsert rule %s accept\n' "$conf" "$1" |
    nft --check --file - 2>/dev/null
}

# A table that is there can be deleted; one that may be missing has to be added first.
nftables_no_table() {
  echo "add table inet $(setting firewall_name)"
  echo "delete table inet $(setting firewall_name)"
}

# Deletes our rules in the chains of others, which carry our name.
nftables_deletions() {
  nft --stateless --handle list ruleset | awk -v ours="$(setting firewall_name)" '
    $1 == "table" { table = $2 " " $3 }
    $1 == "chain" { chain = $2 }
    index($0, " comment \"" ours "\" # handle ") { print "delete rule", table, chain, "handle", $NF }'
}

# The whole of our rules, for one transaction now and for every boot.
nftables_rules() {
  ports=$(setting firewall_ports)
  echo "# etcd's ports. Every preparation of the node writes this file anew."
  nftables_no_table
  cat <<EOF
table inet $(setting firewall_name) {
	chain input {
		type filter hook input priority -10; policy accept;
		iif "lo" accept
$(nftables_accept ip "$(setting firewall_peers_ipv4)" "$ports")
$(nftables_accept ip6 "$(setting firewall_peers_ipv6)" "$ports")
$(nftables_accept ip "$(firewall_leaving ipv4)" "$ports")
$(nftables_accept ip6 "$(firewall_leaving ipv6)" "$ports")
$(nftables_accept ip "$(setting firewall_clients_ipv4)" "$(setting firewall_client_ports)")
$(nftables_accept ip6 "$(setting firewall_clients_ipv6)" "$(setting firewall_client_ports)")
		tcp dport { $ports } drop
	}
}
EOF
  firewall_closed_chains | while read -r family table chain; do
    # Adding what is there already does nothing; if it ever goes, our rule keeps nothing from loading.
    echo "add table $family $table"
    echo "add chain $family $table $chain"
    echo "insert rule $family $table $chain tcp dport { $ports } accept comment \"$(setting firewall_name)\""
  done
}

# nftables_accept FAMILY SOURCES PORTS
nftables_accept() {
  [ -z "$2" ] || printf '\t\t%s saddr { %s } tcp dport { %s } accept\n' "$1" "$2" "$3"
}
