# The alarm NOSPACE: a database has reached its quota, and the cluster takes no more writes.
# needs: alarms etcd rights say settings variables
# backend: ask own_url
# sets: ask_timeout_ms last_output

# Before a database is defragmented: it has more to give back without its old revisions.
compact_if_full() {
  [ -n "$(alarmed NOSPACE)" ] || return 0
  last_output=$(ask "$(own_url)" get health --write-out=fields) || need_rights "not restarted: " "$last_output"
  revision=$(echo "$last_output" | awk -F ' : ' '$1 == "\"Revision\"" { print $2 }')
  if compacted=$(compact "$revision"); then
    say "revisions before $revision dropped, as the database is full (alarm NOSPACE)"
  else
    case $compacted in
      *"has been compacted"*) ;;
      *)
        need_rights "not restarted: " "$compacted"
        fail "not restarted: old revisions could not be dropped: $compacted"
        ;;
    esac
  fi
}

# compact REVISION: returns when this member has dropped them from its file.
compact() {
  ask_timeout_ms=$(setting defragment_timeout_s)000
  ask "$(own_url)" compact --physical "$1"
}

# The alarm stays until somebody disarms it, and comes back where the largest request has no room.
disarm_nospace() {
  [ -n "$(alarmed NOSPACE)" ] || return 0
  full=$(full_members) || exit 1
  [ -z "$full" ] ||
    fail "the database is full and etcd takes no writes (alarm NOSPACE): $(echo "$full" | tr '\n' ' ')raise quota_mib, or delete keys and set maintenance.defragment to a new text"
  disarmed=$(ask "$(endpoints)" alarm disarm) || {
    need_rights "the alarm NOSPACE stays: " "$disarmed"
    fail "the alarm NOSPACE could not be disarmed: $disarmed"
  }
  say "there is room again: alarm NOSPACE disarmed"
}

# Prints the members without room for the largest request, each with its size.
full_members() {
  for pair in $(setting full_from_bytes | tr ',' ' '); do
    member_url=$(setting member_urls | tr ',' '\n' | sed -n "s/^${pair%%=*}=//p")
    size=$(ask "$member_url" endpoint status --write-out=fields) ||
      fail "${pair%%=*} does not say how large its database is"
    size=$(echo "$size" | awk -F ' : ' '$1 == "\"DBSize\"" { print $2 }')
    [ "$size" -lt "${pair#*=}" ] ||
      echo "${pair%%=*} has $((size / 1048576)) MiB and needs less than $((${pair#*=} / 1048576));"
  done
}
