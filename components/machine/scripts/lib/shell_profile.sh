# etcdctl for people on the node: where the cluster is and which certificate to show, at login.
# needs: files settings

profile=/etc/profile.d/etcdctl.sh

# profile_install: as the generation in use says; gone where it says nothing.
profile_install() {
  wanted="$(setting config_dir)/current/profile.sh"
  if [ ! -e "$wanted" ]; then
    profile_remove
  elif ! cmp -s "$wanted" "$profile" || [ -z "$(find "$profile" -perm 0644)" ]; then
    make_folders "$(dirname "$profile")"
    (
      umask 022
      write_atomically "$profile" <"$wanted"
    )
  fi
}

profile_remove() {
  ! profile_is_ours || rm -f "$profile"
}

profile_is_free() {
  [ ! -e "$profile" ] || profile_is_ours
}

# It leads to this node's own key.
profile_is_ours() {
  grep -qF "$(setting config_dir)/pki/operator.key" "$profile" 2>/dev/null
}
