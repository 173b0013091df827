# What cannot change while a member has data: whose it is, and where its files and clients are. A
# change would be seen by everybody at once, in front of any gate.
# needs: files settings

immutable_tools() {
  :
}

immutable_check() {
  recorded=$(immutable_record)
  [ -n "$recorded" ] && [ -d "$(immutable_value data_dir)/member" ] || return 0
  if [ "$(immutable_value authority)" != "$(setting authority)" ]; then
    problem "the member on this machine has certificates of another authority than the one in this state; is PULUMI_BACKEND_URL right?"
    return
  fi
  for pair in $(setting immutable); do
    former=$(immutable_value "${pair#*=}")
    [ "$former" = "$(setting "${pair#*=}")" ] ||
      problem "${pair%%=*} is $former here and cannot change while the member has data; the stack file says $(setting "${pair#*=}"), set it back"
  done
}

# In both places: either of them may be what changes.
immutable_make() {
  immutable_now | write_atomically "$(setting state_dir)/immutable"
  immutable_now | write_atomically "$(setting config_dir)/immutable"
}

immutable_remove() {
  rm -f "$(setting config_dir)/immutable"
}

immutable_now() {
  for name in authority $(setting immutable | tr ' ' '\n' | sed 's/.*=//'); do
    echo "$name=$(setting "$name")"
  done
}

immutable_record() {
  cat "$(setting state_dir)/immutable" 2>/dev/null || cat "$(setting config_dir)/immutable" 2>/dev/null || :
}

# immutable_value NAME, of the record
immutable_value() {
  echo "$recorded" | sed -n "s|^$1=||p"
}
