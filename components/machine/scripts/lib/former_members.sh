# The members that the former stack file expected to run, until the change is over.
# needs: files members settings

# note_members: by each member in its turn. The former note is kept until the cluster is healthy.
note_members() {
  counted=$(for name in $(setting named); do
    ! is_expected "$name" || echo "$name"
  done | tr '\n' ' ')
  noted=$(cat "$(setting state_dir)/named" 2>/dev/null || :)
  [ "$noted" != "$counted" ] || return 0
  [ -z "$noted" ] || echo "$noted" | write_atomically "$(setting state_dir)/named_before"
  echo "$counted" | write_atomically "$(setting state_dir)/named"
}

former_members() {
  cat "$(setting state_dir)/named_before" 2>/dev/null || :
}

forget_former_members() {
  rm -f "$(setting state_dir)/named_before"
}
