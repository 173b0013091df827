# What a machine knows of a member that is none any more.
# needs: files generation settings

# never_started_here: as after a first creation that was refused. There may be no cluster to ask.
never_started_here() {
  ! has_data && [ ! -e "$(setting state_dir)/lived" ]
}

# note_started_once: from now on it is a member, and must never start empty.
note_started_once() {
  [ -e "$(setting state_dir)/lived" ] || : >"$(setting state_dir)/lived"
  rm -f "$(setting state_dir)/left"
}

# note_left: the cluster goes on without it, so nothing may be founded here as if there were none.
note_left() {
  setting authority | write_atomically "$(setting state_dir)/left"
}

# has_left: and has not come back since. Data that is there is its former self's.
has_left() {
  [ -s "$(setting state_dir)/left" ] && [ "$(cat "$(setting state_dir)/left")" = "$(setting authority)" ]
}
