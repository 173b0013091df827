# The step from the version that the member runs to the wanted one.
# needs: generation variables version_step
# sets: running_version

upgrade_tools() {
  echo basename
}

upgrade_check() {
  running_version=$(release_in_use)
  [ -n "$running_version" ] && has_data || return 0
  check_version_step
}

upgrade_make() {
  :
}

upgrade_remove() {
  :
}
