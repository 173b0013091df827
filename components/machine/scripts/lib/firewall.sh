# What the firewalls have in common: they are not alone on a machine.
# needs: files settings

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
    . "${scripts:?}/preparation/firewall_$former.sh"
    "firewall_${former}_remove"
  fi
  echo "$1" | write_atomically "$memory"
  firewall_note_peers
}

# firewall_leaving FAMILY: prints the peers of the stack file before this one that this one names no
# more. They are let in until the next change: a member leaves, or moves, only after all nodes are
# prepared, and must not be cut off before.
firewall_leaving() {
  now=$(setting "firewall_peers_$1")
  if [ "$(firewall_peers_of now "$1")" = "$now" ]; then
    firewall_peers_of former "$1"
  else
    firewall_peers_of now "$1" | tr ',' '\n' | while read -r peer; do
      case ",$now," in
        *",$peer,"*) ;;
        *) echo "$peer" ;;
      esac
    done | tr '\n' ',' | sed 's/,$//'
  fi
}

# firewall_peers_of now|former FAMILY, as the last run noted them.
firewall_peers_of() {
  sed -n "s/^$1_$2=//p" "$(setting state_dir)/firewall_peers" 2>/dev/null || :
}

firewall_note_peers() {
  for family in ipv4 ipv6; do
    echo "former_$family=$(firewall_leaving "$family")"
    echo "now_$family=$(setting "firewall_peers_$family")"
  done | write_atomically "$(setting state_dir)/firewall_peers"
}

# rewrite FILE: as write_atomically, but the file keeps its owner and mode.
rewrite() {
  [ ! -e "$1" ] || cp -p "$1" "$1.new"
  write_atomically "$1"
}
