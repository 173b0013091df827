# Changes of the membership. etcd refuses them for some seconds after a member was down, and a request that
# timed out may have been applied; so each is retried until the list of members shows it.
# needs: etcd members rights say settings variables
# backend: ask wait_until
# sets: last_output member_list

settled_s=8

# remove_member ID NAME
remove_member() {
  wait_until "$(setting gate_timeout_s)" try_remove "$1" || {
    need_rights "the member $2 was not removed: " "$last_output"
    fail "the member $2 could not be removed: $(last_error)"
  }
}

try_remove() {
  last_output=$(ask "$(endpoints)" member remove "$1") && return
  ! is_listed "$1"
}

is_listed() {
  id_list=$(members) || return 0
  echo "$id_list" | grep -q "^$1, "
}

# add_learner: this member, at its address. etcd refuses it while a voter is down, and until all have been
# connected for five seconds. If it still refuses, dead members go that the stack file does not expect to
# run. etcd decides who is connected, not this machine.
add_learner() {
  wait_until "$settled_s" try_add_learner && return
  need_rights "not joined: " "$last_output"
  remove_dead_members is_expected
  wait_until "$(setting gate_timeout_s)" try_add_learner ||
    fail "not joined: the member could not be added: $(last_error)"
}

try_add_learner() {
  last_output=$(ask "$(endpoints)" member add "$(setting name)" --learner "--peer-urls=$(setting peer_url)") &&
    return
  added_list=$(members) && echo "$added_list" | own_lines | grep -q .
}

# update_member ID PEER-URL
update_member() {
  wait_until "$(setting gate_timeout_s)" try_update_peer_url "$1" "$2" || {
    need_rights "peer URL not updated: " "$last_output"
    fail "the peer URL could not be updated to $2: $(last_error)"
  }
}

try_update_peer_url() {
  last_output=$(ask "$(endpoints)" member update "$1" "--peer-urls=$2")
}

has_list() {
  member_list=$(members)
}

# What etcd answered last.
last_error() {
  echo "$last_output" | sed -n 's/^Error: //p; s/.*"error":"\(.*\)"}$/\1/p' | tail -n 1
}

# remove_dead_members KEPT: removes members that do not answer, unless KEPT holds for their name. The
# remaining ones are in `member_list`.
remove_dead_members() {
  # A cluster that has just been started elects its leader first.
  wait_until "$(setting gate_timeout_s)" has_list ||
    fail "no member of $(setting endpoints) could list the members"
  for line in $(echo "$member_list" | other_lines | awk -F ', ' '{ print $1 "," $3 "," $5 }'); do
    dead_id=${line%%,*} dead_url=${line##*,}
    dead_name=${line#*,} dead_name=${dead_name%,*}
    if "$1" "$dead_name" || { [ -n "$dead_url" ] && is_healthy "$dead_url"; }; then
      continue
    fi
    remove_member "$dead_id" "${dead_name:-$dead_id}"
    member_list=$(echo "$member_list" | grep -v "^$dead_id, ")
    say "removed the member ${dead_name:-$dead_id}, which does not answer"
  done
}
