# A member that joins, or has been removed, as the list of members shows it.
# needs: etcd members membership say settings variables
# backend: ask nobody_listens
# sets: last_output quorum_missing

# is_awaited, from its own lines: a run that broke off has added it, and it has not started yet.
is_awaited() {
  awk -F ', ' -v url="$(setting peer_url)" '
    $4 == url && $5 == "" && $6 == "true" { awaited++ }
    END { exit !(NR == 1 && awaited == 1) }'
}

try_promote() {
  promoted_list=$(members) || return 1
  own_line=$(echo "$promoted_list" | own_lines)
  case $own_line in
    *', true') last_output=$(ask "$(endpoints)" member promote "${own_line%%,*}") ;;
    *', false') ;;
    *) return 1 ;;
  esac
}

# was_removed: the others do not list it any more, so its data is of no use. Where they have no quorum,
# `quorum_missing` is set: the next question would take as long.
was_removed() {
  ! nobody_listens || return 1
  removed_list=$(members) || {
    quorum_missing=yes
    return 1
  }
  [ -z "$(echo "$removed_list" | own_lines)" ]
}

# remove_old_member_entry OWN-LINES: a member whose data is gone must not start empty under its old ID.
remove_old_member_entry() {
  for former_id in $(echo "$1" | sed 's/,.*//'); do
    remove_member "$former_id" "$(setting name)"
    say "removed its old entry from the list of members, as its data is gone"
  done
}

# as_initial_cluster, from the list: etcd's initial-cluster, this member included.
as_initial_cluster() {
  awk -F ', ' -v me="$(setting name)" -v url="$(setting peer_url)" '
    { printf "%s%s=%s", (NR > 1 ? "," : ""), ($4 == url ? me : ($3 == "" ? $1 : $3)), $4 }'
}
