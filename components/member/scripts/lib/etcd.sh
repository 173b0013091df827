# Questions to the cluster, asked with this node's maintenance certificate.
# needs: log rights settings variables
# backend: ask own_url
# sets: read_output

# is_healthy URL: answers a linearizable read, so it has a leader and has caught up with it. Alarms
# do not count: `endpoint health` calls every member unhealthy as soon as one database is full. A refusal
# by etcd's auth is an answer too: etcd checks that last.
is_healthy() {
  read_output=$(ask "$1" get health) || lacks_rights "$read_output"
}

# answers URL: its process serves clients, with or without a leader.
answers() {
  ask "$1" endpoint status >/dev/null
}

# endpoints: of the stack file, behind those that are known to serve.
endpoints() {
  echo "${serving_url:+$serving_url,}$(setting endpoints)"
}

# One member a line: "id, status, name, peer URLs, client URLs, learner". Needs a quorum.
# A member publishes its client URLs when it starts; etcd's own status column says "started" of
# every founder from the first moment.
members() {
  members_output=$(ask "$(endpoints)" member list --write-out=simple) || {
    echo "$members_output"
    return 1
  }
  # Before its answer, etcdctl may tell of earlier attempts.
  echo "$members_output" | grep -E '^[0-9a-f]+, (un)?started, '
}

# leads URL
leads() {
  leads_status=$(ask "$1" endpoint status --write-out=fields) && echo "$leads_status" | is_leader
}

# own_status: what this member says of itself, in the `fields` form.
own_status() {
  ask "$(own_url)" endpoint status --write-out=fields
}

# own_status_field NAME: as it is at this moment.
own_status_field() {
  own_status | status_field "$1"
}

# status_field NAME, from a member's status in the `fields` form on standard input
status_field() {
  awk -F ' : ' -v name="\"$1\"" '$1 == name { gsub(/"/, "", $2); print $2 }'
}

# is_leader, from a member's status in the `fields` form on standard input. Its labels are the same
# in every supported minor.
is_leader() {
  awk -F ' : ' '
    $1 == "\"MemberID\"" { member = $2 }
    $1 == "\"Leader\"" { leader = $2 }
    END { exit !(member != "" && member == leader) }'
}

# reason_in_log WHERE: why etcd ended, in its own words: message and error of the last fatal line of the
# log on standard input and of an error in front of it, or what it printed when it did not get as far as its log. Without any: at
# which step systemd failed, or what etcd has against its peers; then its last warning, as it ends with
# one over some flags, and the last line of a shell or of systemd. WHERE names that log for a reader who
# wants more.
reason_in_log() {
  # What etcd panics with is in its log too, and there with the error.
  as_json | awk '
    /"level":"error"/ && !/rejected connection/ { last = before = said(); error = field("error") }
    /"level":"(fatal|panic)"/ && !/rejected connection/ {
      last = said()
      if (before != "" && before != last && !(error != "" && index(last, error))) last = last "; before that: " before
    }
    /"level":.*(rejected connection|certificate signed by unknown authority)/ { hint = said() }
    /"level":"warn"/ { warned = said() }
    /^etcd[a-z-]*\.service: Failed at step / { hint = $0 }
    /^panic: / { panicked = substr($0, 8); if (panicked == "" || index(last, panicked) != 1) last = $0 }
    /^(error|Error|flag provided|invalid value|not started: |etcd[a-z-]*\.service: Failed to )/ { last = $0 }
    NF && !/^[{]/ && !/^(Failed to )?[Ss]t(art|opp)(ing|ed)? |\.service: (Consumed|Deactivated|Failed with|Scheduled) / { plain = $0 }
    function said() {
      return field("msg") ": " field("error")
    }
    function field(name) {
      if (!match($0, "\"" name "\":\"([^\"\\\\]|\\\\.)*\"")) return ""
      text = substr($0, RSTART + length(name) + 4, RLENGTH - length(name) - 5)
      gsub(/\\"/, "\"", text)
      return text
    }
    END {
      if (last == "") last = hint
      if (last == "") last = warned (warned != "" && plain != "" ? "; " : "") plain
      print last == "" ? "no error in its log" : last
    }' | bounded
  echo "(its log: $1)"
}
