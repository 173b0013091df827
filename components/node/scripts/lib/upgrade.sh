# A change of etcd's version, up or down: only from a cluster that is whole and of one version, and
# with a snapshot that was made before the first member changed.

# before_new_version: refuses, or makes the cluster ready for this member's restart. What runs is what
# the process says, since an interrupted run may have changed the links alone.
before_new_version() {
  runs=$(release_at "$(setting client_url)")
  [ -n "$runs" ] || fail "not restarted: it does not say which version of etcd it runs"
  [ "$runs" != "$(setting version)" ] || return 0
  others=$(others_releases)
  require_no_third_release
  some_other_runs_wanted || keep_snapshot
  if is_older_minor "$(setting version)" "$runs"; then
    allow_downgrade
  else
    cancel_downgrade
  fi
}

# require_version_may_mend: the same for a member that is not healthy, whom a change has to be able to
# mend. It may follow the others to a new minor, but not lead. Where nobody answers, as after a power
# failure, all of them start anew.
require_version_may_mend() {
  runs=$(release_in_use)
  [ -n "$runs" ] && [ "$runs" != "$(setting version)" ] && has_data || return 0
  require_no_alarm
  others=$(others_releases)
  [ -z "$others" ] || some_other_runs_wanted ||
    [ "$(minor_of "$runs")" = "$(minor_of "$(setting version)")" ] ||
    fail "not started with etcd $(setting version): it is not healthy on etcd $runs, and a cluster goes to another minor only with all members healthy; mend it on $runs first, then change the version"
}

# release_at URL: what the member there runs; nothing if it does not say.
release_at() {
  ask "$1" endpoint status --write-out=fields | status_field Version
}

# One line "name release" for each of the other members that have started.
others_releases() {
  members | awk -F ', ' -v me="$(setting name)" '$5 != "" && $3 != me { print $3, $5 }' |
    while read -r other_name other_urls; do
      echo "$other_name $(release_at "$other_urls" </dev/null)"
    done
}

some_other_runs_wanted() {
  echo "$others" | grep -q " $(setting version)\$"
}

require_no_third_release() {
  third=$(echo "$others" | awk -v one="$runs" -v other="$(setting version)" '
    NF && $2 != one && $2 != other { printf "%s%s runs %s", comma, $1, $2 == "" ? "an unknown one" : $2; comma = ", " }')
  [ -z "$third" ] ||
    fail "not restarted: it runs etcd $runs and is to run $(setting version), but $third; a cluster has no third version, so bring all members to one of these first"
}

# require_no_alarm: as long as there is one, etcd calls every member unhealthy.
require_no_alarm() {
  alarms=$(ask "$(setting endpoints)" alarm list | grep 'alarm:' | tr '\n' ' ' | sed 's/ $//')
  [ -z "$alarms" ] ||
    fail "not changed to etcd $(setting version): the cluster has an alarm ($alarms), which a new version would not end; on NOSPACE compact and defragment, on CORRUPT replace that member; then run etcdctl alarm disarm, and \`up\` again"
}

# keep_snapshot: the way back if the new version damages something. One is kept.
keep_snapshot() {
  folder=$(setting state_dir)/snapshots
  kept=$folder/before-$(setting version).db
  # Nothing of an interrupted run.
  rm -f "$kept".new*
  told=$(mkdir -p "$folder" 2>&1 && save_snapshot "$kept.new" && check_snapshot "$kept.new") || {
    rm -f "$kept".new*
    fail "not restarted: no snapshot could be made in $folder before etcd $(setting version): $(echo "$told" | tail -n 1)"
  }
  find "$folder" -type f ! -name "$(basename "$kept").new" -exec rm -f '{}' +
  mv "$kept.new" "$kept"
  say "snapshot $kept: $(echo "$told" | tail -n 1 | awk -F ', ' '{ print "revision " $2 ", " $4 }')"
}

# save_snapshot FILE
save_snapshot() {
  # shellcheck disable=SC2034 # read by ask
  ask_timeout_ms=$(setting snapshot_timeout_ms)
  ask_as_it_runs snapshot save "$1"
}

# check_snapshot FILE: prints "hash, revision, keys, size" if the file is whole. Where a package has
# no etcdutl, the etcdctl of 3.5 can do it too.
check_snapshot() {
  checker="$(setting bin_dir)/$runs/etcdutl"
  [ -x "$checker" ] || checker="$(setting bin_dir)/$runs/etcdctl"
  "$checker" snapshot status "$1" 2>&1
}

# ask_as_it_runs ETCDCTL-ARGUMENTS…: this member, with the etcdctl of its own version. That of 3.5
# knows of no downgrade.
ask_as_it_runs() (
  # shellcheck disable=SC2034 # read by ask
  ask_version=$runs
  ask "$(setting client_url)" "$@"
)

# allow_downgrade: members write what the older minor reads before one of it starts. A cluster that
# has not wholly gone up yet still does.
allow_downgrade() {
  target=$(minor_of "$(setting version)")
  ! storage_is_ready || return 0
  if [ "$(own_status DowngradeEnabled)" != true ]; then
    told=$(ask_as_it_runs downgrade validate "$target" && ask_as_it_runs downgrade enable "$target") ||
      fail "not restarted: the cluster cannot go down to etcd $target: $(echo "$told" | tail -n 1)"
    say "the cluster goes down to etcd $target (etcdctl downgrade cancel would end that)"
  fi
  wait_until "$(setting start_timeout_s)" storage_is_ready ||
    fail "not restarted: its data is not ready for etcd $target after $(setting start_timeout_s) s, but of version $(own_status StorageVersion)"
}

storage_is_ready() {
  [ "$(own_status StorageVersion)" = "$target.0" ]
}

# own_status FIELD
own_status() {
  ask_as_it_runs endpoint status --write-out=fields | status_field "$1"
}

# cancel_downgrade: one that was begun and is not wanted any more would keep the cluster down for
# ever. Members that are down already do not know of it; those that are not are asked.
cancel_downgrade() {
  going_down=$(ask "$(setting endpoints)" endpoint status --write-out=fields | awk -F ' : ' '
    $1 == "\"Endpoint\"" { gsub(/"/, "", $2); url = $2 }
    $1 == "\"DowngradeEnabled\"" && $2 == "true" { print url; exit }')
  [ -n "$going_down" ] || return 0
  told=$(ask "$going_down" downgrade cancel) ||
    fail "not restarted: the downgrade that is going on could not be ended: $(echo "$told" | tail -n 1)"
  say "the downgrade that was going on is cancelled"
}
