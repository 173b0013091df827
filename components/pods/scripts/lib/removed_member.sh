# What is known of a member that was never started.
# needs: bootstrap_guard entry pod settings

never_started_here() {
  [ -z "$(volume_of "$(setting name)")" ] || {
    bootstrap_guards | bootstrap_is_allowed "$(setting name)" && [ -z "$(members_with_data)" ]
  }
}

# note_left: nothing needs to be noted, as its bootstrap guard forbids an empty start.
note_left() {
  forbid_bootstrap "$(setting name)"
}
