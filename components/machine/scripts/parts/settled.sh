# What cannot change while a member has data: whose it is, and where its files and clients are. A
# change would be seen by everybody at once, in front of any gate.
# needs: files settings

settled_tools() {
  :
}

settled_check() {
  recorded=$(settled_record)
  [ -n "$recorded" ] && [ -d "$(settled_value data_dir)/member" ] || return 0
  if [ "$(settled_value authority)" != "$(setting authority)" ]; then
    problem "a member lives here that this state does not know: another authority made its certificates. Is PULUMI_BACKEND_URL the right one?"
    return
  fi
  for pair in $(setting settled); do
    former=$(settled_value "${pair#*=}")
    [ "$former" = "$(setting "${pair#*=}")" ] ||
      problem "${pair%%=*} is $former here and cannot change while the member lives; the stack file says $(setting "${pair#*=}"), set it back"
  done
}

# In both places: either of them may be what changes.
settled_make() {
  settled_now | write_atomically "$(setting state_dir)/settled"
  settled_now | write_atomically "$(setting config_dir)/settled"
}

settled_remove() {
  rm -f "$(setting config_dir)/settled"
}

settled_now() {
  for name in authority $(setting settled | tr ' ' '\n' | sed 's/.*=//'); do
    echo "$name=$(setting "$name")"
  done
}

settled_record() {
  cat "$(setting state_dir)/settled" 2>/dev/null || cat "$(setting config_dir)/settled" 2>/dev/null || :
}

# settled_value NAME, of the record
settled_value() {
  echo "$recorded" | sed -n "s|^$1=||p"
}
