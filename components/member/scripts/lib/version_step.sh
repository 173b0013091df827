# The step from the version that the member runs to the wanted one: etcd goes from one minor to the
# next, up or down, and up only from a release that has what the next one relies on.
# needs: releases settings variables
# backend: problem

# check_version_step, from the release in `running_version`
check_version_step() {
  case $(minor_of "$running_version") in
    "$(minor_of "$(setting version)")" | "$(minor_of "$(setting release_after)")") ;;
    "$(minor_of "$(setting release_before)")") check_floor ;;
    *) refuse_skipped_minor ;;
  esac
}

check_floor() {
  [ "${running_version##*.}" -ge "$(setting floor_before | sed 's/.*\.//')" ] ||
    problem "it runs etcd $running_version, and the stack file asks for $(setting version): every member must run $(setting floor_before) or newer first ($(setting floor_reason)); set version to $(setting release_before), run \`up\`, and then go on"
}

refuse_skipped_minor() {
  if is_older_minor "$running_version" "$(setting version)"; then
    between=$(setting release_before)
  else
    between=$(setting release_after)
  fi
  problem "it runs etcd $running_version, and the stack file asks for $(setting version): etcd goes from one minor to the next only; set version to $between, run \`up\`, and then go on"
}
