# The user and the group that etcd runs as: made where they are missing, never changed. Who has made
# them otherwise may have files that belong to them.
# needs: accounts files settings

account_tools() {
  echo cut
  # A key that stays root's is opened to etcd by an access list.
  [ "$(setting key_access)" != acl ] || echo setfacl
}

account_check() {
  check_account_tools
  check_group
  check_user
}

check_account_tools() {
  command -v useradd >/dev/null || command -v adduser >/dev/null ||
    [ -n "$(account passwd "$(setting user)")" ] ||
    problem "neither useradd nor adduser is there to make the user $(setting user); install the package that has one, or make the user yourself"
}

check_group() {
  found=$(account group "$(setting group)")
  if [ -z "$found" ]; then
    check_free group gid "$(setting user_gid)"
  else
    check_same "group $(setting group)" gid "$(echo "$found" | cut -d : -f 3)" "$(setting user_gid)"
  fi
}

check_user() {
  found=$(account passwd "$(setting user)")
  if [ -z "$found" ]; then
    check_free passwd uid "$(setting user_uid)"
    return
  fi
  who="user $(setting user)"
  primary=$(account group "$(echo "$found" | cut -d : -f 4)" | cut -d : -f 1)
  home=$(echo "$found" | cut -d : -f 6)
  check_same "$who" uid "$(echo "$found" | cut -d : -f 3)" "$(setting user_uid)"
  check_same "$who" group "${primary:-unknown}" "$(setting group)"
  check_same "$who" home "${home%/}" "$(setting user_home)"
  check_same "$who" shell "$(echo "$found" | cut -d : -f 7)" "$(setting user_shell)"
}

# check_same WHO WHAT FOUND ASKED: nothing ASKED is content with what there is.
check_same() {
  [ -z "$4" ] || [ "$3" = "$4" ] ||
    problem "the $1 is there with $2 $3, the stack file asks for $4; set user.$2: $3, or change it on the node"
}

# check_free passwd|group WHAT NUMBER
check_free() {
  [ -n "$3" ] || return 0
  holder=$(account "$1" "$3" | cut -d : -f 1)
  [ -z "$holder" ] ||
    problem "$2 $3 is already that of $holder; choose another user.$2, or set user.name and user.group"
}

account_make() {
  make_group "$(setting group)" "$(setting user_gid)"
  make_user "$(setting user)" "$(setting group)" "$(setting user_home)" "$(setting user_shell)" \
    "$(setting user_uid)"
  # root's: etcd writes into its data folder only. What is there stays whose it is.
  [ -e "$(setting user_home)" ] || make_folders "$(setting user_home)"
}

# The user stays: data that is kept belongs to it, and its number must not go to somebody else.
account_remove() {
  :
}
