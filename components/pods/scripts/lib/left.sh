# What is known of a member that never was one.
# needs: bootstrap_guard entry pod settings

never_lived_here() {
  [ -z "$(volume_of "$(setting name)")" ] || {
    bootstrap_guards | bootstrap_is_allowed "$(setting name)" && [ -z "$(those_who_lived)" ]
  }
}

# note_left: nothing needs to be noted, as its bootstrap guard forbids an empty start.
note_left() {
  forbid_bootstrap "$(setting name)"
}
