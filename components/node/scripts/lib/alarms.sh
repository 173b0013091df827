# What etcd raises an alarm for. It holds for the whole cluster until somebody disarms it.

# alarmed ALARM: prints the names of the members that have raised it. Needs a quorum.
alarmed() {
  raised=$(ask "$(endpoints)" alarm list --write-out=fields) ||
    fail "it does not say which alarms are raised: $raised"
  alarm_names=$(members) || fail "it does not say who the members are: $alarm_names"
  echo "$raised" | alarm_members "$1" | while read -r alarm_member; do
    alarm_name=$(echo "$alarm_names" | member_name "$(printf %x "$alarm_member")")
    # etcd that cannot tell who differs accuses nobody: member 0.
    echo "${alarm_name:-an unknown member}"
  done
}

# alarm_members ALARM, from the list of alarms in the `fields` form on standard input
alarm_members() {
  awk -F ' : ' -v alarm="$1" '
    $1 == "\"MemberID\"" { member = $2 }
    $1 == "\"AlarmType\"" && $2 == alarm { print member }'
}

# require_no_corruption CONSEQUENCE: whose data differs from the others' must not be the one to go on with.
require_no_corruption() {
  corrupt=$(alarmed CORRUPT) || exit 1
  [ -z "$corrupt" ] ||
    fail "$1the data of $(echo "$corrupt" | tr '\n' ' ')differs from the others' (alarm CORRUPT); replace that member, then run: etcdctl alarm disarm"
}
