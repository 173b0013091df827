# Who may use the operator's certificate on this node. The profile itself comes with the member's
# files.
# needs: accounts settings shell_profile

shell_profile_tools() {
  echo chgrp cmp
}

shell_profile_check() {
  profile_is_free ||
    problem "/etc/profile.d/etcdctl.sh was not made by this project; move it away, or leave shell_profile out"
}

shell_profile_make() {
  make_group "$(setting profile_group)"
}

# The group stays: its members are not ours.
shell_profile_remove() {
  profile_remove
}
