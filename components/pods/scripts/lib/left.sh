# What is known of a member that never was one.
# needs: door entry pod settings

never_lived_here() {
  [ -z "$(volume_of "$(setting name)")" ] || {
    doors | is_open "$(setting name)" && [ -z "$(those_who_lived)" ]
  }
}

# note_left: nothing needs to be noted, as its door is shut.
note_left() {
  shut_door "$(setting name)"
}
