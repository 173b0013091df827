# Changes of the membership. etcd refuses them for some seconds after a member was away, and one that
# timed out may have been made all the same; so each is tried until the list shows it.
# needs: etcd members rights say settings variables
# backend: ask wait_until
# sets: last_output member_list

settled_s=8

# remove_member ID NAME
remove_member() {
  wait_until "$(setting gate_timeout_s)" is_removed "$1" || {
    need_rights "the member $2 stays: " "$last_output"
    fail "the member $2 could not be removed: $(last_error)"
  }
}

is_removed() {
  last_output=$(ask "$(endpoints)" member remove "$1") && return
  ! is_listed "$1"
}

is_listed() {
  id_list=$(members) || return 0
  echo "$id_list" | grep -q "^$1, "
}

# add_learner: this member, at its address. One that is down is enough for etcd to refuse it, also after
# the five seconds for which it wants all of them connected; then those go that do not count. Whether
# this machine reaches them is no reason: etcd itself knows better.
add_learner() {
  wait_until "$settled_s" is_added && return
  need_rights "not joined: " "$last_output"
  remove_dead_members counts
  wait_until "$(setting gate_timeout_s)" is_added ||
    fail "not joined: the member could not be added: $(last_error)"
}

is_added() {
  last_output=$(ask "$(endpoints)" member add "$(setting name)" --learner "--peer-urls=$(setting peer_url)") &&
    return
  added_list=$(members) && echo "$added_list" | own_lines | grep -q .
}

# move_member ID PEER-URL
move_member() {
  wait_until "$(setting gate_timeout_s)" is_moved "$1" "$2" || {
    need_rights "not moved: " "$last_output"
    fail "the address $2 could not be announced: $(last_error)"
  }
}

is_moved() {
  last_output=$(ask "$(endpoints)" member update "$1" "--peer-urls=$2")
}

has_list() {
  member_list=$(members)
}

# What etcd answered last.
last_error() {
  echo "$last_output" | sed -n 's/^Error: //p; s/.*"error":"\(.*\)"}$/\1/p' | tail -n 1
}

# remove_dead_members KEPT: removes members that do not answer, unless KEPT holds for their name. Who is left
# is in `member_list`.
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
