# The distribution's package. Its programs are copied: whatever the package manager does later, the
# version in use stays, and so does the way back.
# needs: archive init_system packages say settings variables versions
# sets: last_output

install_package_tools() {
  echo cut sync tail uname
}

install_package_check() {
  check_architecture
  check_version_dir
  version_installed package || packaged_is_wanted || [ -n "$(package_manager)" ] ||
    problem "none of apt-get, dnf, yum and apk is on this machine; use install.method release or push"
}

install_package_make() {
  if ! version_installed package; then
    packaged_is_wanted || package_fetch
    package_copy
    say "etcd $(setting version) installed from its package"
  fi
  versions_prune
  link_tools
}

# The package stays: it may have been there before.
install_package_remove() {
  versions_remove
}

packaged_is_wanted() {
  [ -x "$(setting packaged_dir)/etcdctl" ] &&
    [ "$(version_of "$(setting packaged_dir)/etcd")" = "$(setting version)" ]
}

package_fetch() {
  manager=$(package_manager)
  offered=$("packages_of_$manager")
  [ -n "$offered" ] ||
    fail "no package repository of this machine has etcd; use install.method release or push"
  package=$(echo "$offered" | wanted_package)
  [ -n "$package" ] ||
    fail "the package repositories of this machine have etcd $(echo "$offered" | one_line), the stack file asks for $(setting version); set version to one of these, or use install.method release or push"
  last_output=$("install_by_$manager" "$package" 2>&1) ||
    fail "$manager could not install etcd $package: $(echo "$last_output" | tail -n 3 | tr '\n' ' ')"
  own_service_off
}

# The package's full version (epoch:upstream-revision) out of a list, for the version wanted.
wanted_package() {
  awk -v wanted="$(setting version)" '{
    upstream = $1
    sub(/^[0-9]+:/, "", upstream)
    sub(/[-+~].*/, "", upstream)
    if (upstream == wanted) { print $1; exit }
  }'
}

one_line() {
  awk '{ printf "%s%s", separator, $1; separator = ", " }'
}

# Not every distribution packs etcdutl.
package_copy() {
  new=$(version_begin)
  for program in etcd etcdctl etcdutl; do
    if [ -x "$(setting packaged_dir)/$program" ]; then
      cp "$(setting packaged_dir)/$program" "$new"
    fi
  done
  version_finish "$new" package
}

# The package's service must not start at boot. It has the name of ours, so once a member has been
# set up here there is nothing to switch off.
own_service_off() {
  [ ! -e "$(setting config_dir)/current" ] || return 0
  service_disable etcd >/dev/null 2>&1 || :
}
