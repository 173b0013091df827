# Whom the stack file counted on before the change that goes on.
# needs: files members settings

# note_members: by each member in its turn. What was noted before is known until the cluster is whole.
note_members() {
  counted=$(for name in $(setting named); do
    ! counts "$name" || echo "$name"
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
