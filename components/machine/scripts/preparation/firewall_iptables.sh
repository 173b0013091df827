# A chain of our own, the first that incoming packets see. An ACCEPT there is the last word, so the
# machine's own rules may drop as they like. The saved rules get ours and are otherwise left alone:
# saving what runs would also keep what Docker or Kubernetes have put there for the moment.
# needs: files firewall firewall_services init_system say settings

firewall_iptables_tools() {
  for tool in $(iptables_commands); do
    echo "$tool $tool-restore"
  done
}

firewall_iptables_check() {
  firewall_check_no_firewalld
  for tool in $(iptables_commands); do
    if [ -z "$(iptables_service "$tool")" ]; then
      problem "nothing loads rules of $tool at boot; install iptables-persistent (Debian, Ubuntu), iptables-services (Red Hat) or iptables-openrc (Alpine)"
    else
      firewall_check_boot "$(iptables_service "$tool")" "$(iptables_saved "$tool")"
    fi
  done
  if service_is_enabled nftables && ! firewall_was_enabled_by_us nftables; then
    problem "the service nftables is enabled, and empties the tables of iptables when it starts at boot; set \`firewall: nftables\`, or disable it"
  fi
  command -v nft >/dev/null || return 0
  while read -r chain; do
    case $chain in
      "" | "ip filter INPUT" | "ip6 filter INPUT") ;;
      *) problem "the chain \"$chain\" drops what it does not know, and is none of iptables'; set \`firewall: nftables\`" ;;
    esac
  done <<EOF
$(firewall_closed_chains)
EOF
}

firewall_iptables_make() {
  firewall_remember iptables
  for tool in $(iptables_commands); do
    firewall_start_at_boot "$(iptables_service "$tool")"
    {
      echo '*filter'
      echo ":$(setting firewall_name) - [0:0]"
      iptables_jumps "$tool"
      iptables_rules "$tool" | sed 's/^-A INPUT /-I INPUT 1 /'
      echo COMMIT
    } | "$tool-restore" --wait=5 --noflush || fail "$tool refuses the rules"
    saved=$(iptables_saved "$tool")
    make_folders "$(dirname "$saved")"
    { iptables_rules "$tool" && echo && iptables_others "$saved"; } | iptables_merge |
      rewrite "$saved"
  done
}

firewall_iptables_remove() {
  name=$(setting firewall_name)
  for tool in $(iptables_commands); do
    if "$tool" --wait 5 -S "$name" >/dev/null 2>&1; then
      { echo '*filter' && iptables_jumps "$tool" && printf '%s\n' "-F $name" "-X $name" COMMIT; } |
        "$tool-restore" --wait=5 --noflush
    fi
    saved=$(iptables_saved "$tool")
    [ ! -e "$saved" ] || iptables_others "$saved" | rewrite "$saved"
    firewall_leave_boot "$(iptables_service "$tool")" "$saved"
  done
}

# A machine without IPv6 needs no rules for it.
iptables_commands() {
  echo iptables
  [ ! -e /proc/net/if_inet6 ] || echo ip6tables
}

# iptables_service COMMAND: who loads the saved rules at boot; nothing where nobody does.
iptables_service() {
  if [ -e /usr/share/netfilter-persistent/plugins.d/15-ip4tables ]; then
    echo netfilter-persistent
  elif [ -e "/etc/init.d/$1" ] || [ -e "/usr/lib/systemd/system/$1.service" ]; then
    echo "$1"
  fi
}

# iptables_saved COMMAND: the file with the saved rules, where that service looks for it.
iptables_saved() {
  case $(iptables_service "$1")/$(init_system)/$1 in
    netfilter-persistent/*/iptables) echo /etc/iptables/rules.v4 ;;
    netfilter-persistent/*/ip6tables) echo /etc/iptables/rules.v6 ;;
    */openrc/iptables) echo /etc/iptables/rules-save ;;
    */openrc/ip6tables) echo /etc/iptables/rules6-save ;;
    *) echo "/etc/sysconfig/$1" ;;
  esac
}

# iptables_jumps COMMAND: deletes the ways into our chain that are there now.
iptables_jumps() {
  "$1" --wait 5 -S INPUT | sed -n "s/^-A \(.* -j $(setting firewall_name)\)\$/-D \1/p"
}

# iptables_rules COMMAND: our rules, as a file of saved ones has them.
iptables_rules() {
  name=$(setting firewall_name)
  family=ipv4
  [ "$1" = iptables ] || family=ipv6
  echo "-A INPUT -p tcp -m multiport --dports $(setting firewall_ports) -j $name"
  echo "-A $name -i lo -j ACCEPT"
  iptables_accept "$(setting "firewall_peers_$family")" "$(setting firewall_ports)"
  iptables_accept "$(firewall_leaving "$family")" "$(setting firewall_ports)"
  iptables_accept "$(setting "firewall_clients_$family")" "$(setting firewall_client_ports)"
  echo "-A $name -j DROP"
}

# iptables_accept SOURCES PORTS
iptables_accept() {
  for source in $(echo "$1" | tr ',' ' '); do
    echo "-A $name -s $source -p tcp -m multiport --dports $2 -j ACCEPT"
  done
}

# iptables_others FILE: saved rules without ours.
iptables_others() {
  [ ! -e "$1" ] || sed -e "/^:$(setting firewall_name) /d" -e "/-A $(setting firewall_name) /d" \
    -e "/-A INPUT .*-j $(setting firewall_name)\$/d" "$1"
}

# From our rules, an empty line and the saved rules: the saved rules with ours in front of all
# others of the table `filter`.
iptables_merge() {
  awk -v chain=":$(setting firewall_name) - [0:0]" '
    !saved { if ($0 == "") saved = 1; else rules = rules $0 "\n"; next }
    /^\*/ { filter = $1 == "*filter" }
    filter && (/^-A/ || /^\[/ || $1 == "COMMIT") { printf "%s\n%s", chain, rules; filter = 0; done = 1 }
    { print }
    END { if (!done) printf "*filter\n%s\n%sCOMMIT\n", chain, rules }'
}
