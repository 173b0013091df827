# What a machine knows of a member that is none any more.

# never_lived_here: as after a first creation that was refused. There may be no cluster to ask.
never_lived_here() {
  ! has_data && [ ! -e "$(setting state_dir)/lived" ]
}

# note_left: the cluster goes on without it, so nothing may be founded here as if there were none.
note_left() {
  setting authority | write_atomically "$(setting state_dir)/left"
}
