# What etcd raises an alarm for. It holds for the whole cluster until somebody disarms it.
# needs: members say variables

# alarmed ALARM: prints the names of the members in `member_list` that have raised it, as far as this member
# knew in its `endpoint_status`. `alarm list` would tell the same, but is a proposal, which every disk writes.
alarmed() {
  echo "$endpoint_status" | alarm_members "$1" | while read -r alarm_member; do
    alarm_name=$(echo "$member_list" | member_name "$(printf %x "$alarm_member")")
    echo "${alarm_name:-an unknown member}"
  done
}

# alarm_members ALARM, from a member's status in the `fields` form on standard input. etcd that cannot
# tell who differs accuses nobody: member 0, which is left out there.
alarm_members() {
  sed -n 's/^"Errors" : //p' | grep -oE "(memberID:[0-9]+ +)?alarm:$1" | sed 's/ *alarm:.*//; s/.*://; s/^$/0/'
}

# require_no_corruption CONSEQUENCE: whose data differs from the others' must not be the one to go on with.
require_no_corruption() {
  corrupt=$(alarmed CORRUPT)
  [ -z "$corrupt" ] ||
    fail "$1the data of $(echo "$corrupt" | tr '\n' ' ')differs from the others' (alarm CORRUPT); replace that member, then run: etcdctl alarm disarm"
}
