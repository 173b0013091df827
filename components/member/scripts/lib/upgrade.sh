# A change of etcd's version, up or down: only from a cluster that is whole and of one version, and
# with a snapshot that was made before the first member changed.
# needs: downgrade etcd gate members membership releases say settings variables
# backend: ask has_data keep_snapshot release_in_use wait_until
# sets: last_output running_version

# before_new_version: refuses, or makes the cluster ready for this member's restart. What runs is what
# the process says, since an interrupted run may have changed the links alone.
before_new_version() {
  running_version=$(echo "$endpoint_status" | status_field Version)
  [ -n "$running_version" ] || fail "not restarted: its status names no version of etcd"
  [ "$running_version" != "$(setting version)" ] || return 0
  require_no_alarm
  others=$(others_releases)
  require_no_third_release
  some_other_runs_wanted || keep_snapshot "before-$(setting version)" "$running_version"
  if is_older_minor "$(setting version)" "$running_version"; then
    allow_downgrade "$running_version"
  else
    cancel_downgrade
    some_other_runs_wanted || await_former_upgrade
  fi
}

# require_version_may_mend: the same for a member that is not healthy, whom a change has to be able to
# mend. It may follow the others to a new minor, but not lead, nor when all of them are down.
require_version_may_mend() {
  running_version=$(release_in_use)
  [ -n "$running_version" ] && [ "$running_version" != "$(setting version)" ] && has_data || return 0
  # Without a quorum nobody knows the alarms, nor the members: those of the stack file are asked.
  ! last_output=$(ask "$(endpoints)" alarm list) || refuse_alarms
  [ "$(count_others runs_wanted)" -eq 0 ] || return 0
  [ "$(minor_of "$running_version")" = "$(minor_of "$(setting version)")" ] ||
    fail "not started with etcd $(setting version): it is not healthy on etcd $running_version, and a cluster goes to another minor only with all members healthy; mend it on $running_version first (set version back, or start it by hand as it was), then change the version"
}

# runs_wanted URL
runs_wanted() {
  [ "$(release_at "$1")" = "$(setting version)" ]
}

# release_at URL: what the member there runs; nothing if it does not say.
release_at() {
  ask "$1" endpoint status --write-out=fields | status_field Version
}

# One line "name release" for each of the other voters that are expected to run.
others_releases() {
  echo "$member_list" | other_voters | while read -r other_name other_url; do
    ! is_expected "$other_name" || echo "$other_name $(release_at "$other_url" </dev/null)"
  done
}

some_other_runs_wanted() {
  echo "$others" | grep -q " $(setting version)\$"
}

require_no_third_release() {
  third=$(echo "$others" | awk -v one="$running_version" -v other="$(setting version)" '
    NF && $2 != one && $2 != other { printf "%s%s runs %s", comma, $1, $2 == "" ? "an unknown one" : $2; comma = ", " }')
  [ -z "$third" ] ||
    fail "not restarted: it runs etcd $running_version and is to run $(setting version), but $third; a cluster has no third version, so bring all members to one of these first"
}

# await_former_upgrade: etcd needs some seconds after the last restart to bring its data up to the
# minor that all members run, and the one after that does not start on older data.
await_former_upgrade() {
  wait_until "$(setting start_timeout_s)" former_upgrade_is_done ||
    fail "not restarted: its data is still of version $(own_status_field StorageVersion) after $(setting start_timeout_s) s, though all members run etcd $running_version"
}

former_upgrade_is_done() {
  case $(own_status_field StorageVersion) in
    # 3.5 does not say.
    '' | "$(minor_of "$running_version").0") ;;
    *) return 1 ;;
  esac
}

# What an alarm is about should be mended by the version that raised it.
require_no_alarm() {
  last_output=$(ask "$(endpoints)" alarm list) ||
    fail "not changed to etcd $(setting version): no member could list the alarms: $(last_error)"
  refuse_alarms
}

# refuse_alarms, of the list in `last_output`
refuse_alarms() {
  alarms=$(echo "$last_output" | grep 'alarm:' | tr '\n' ' ' | sed 's/ $//')
  [ -z "$alarms" ] ||
    fail "not changed to etcd $(setting version): the cluster has an alarm ($alarms), which a new version would not end; on NOSPACE compact and defragment, on CORRUPT replace that member; then run etcdctl alarm disarm, and \`up\` again"
}
