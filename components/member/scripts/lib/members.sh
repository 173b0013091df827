# What the list of members says; each of these reads it on standard input, as `members` prints it.
# A member publishes its name (unless it was a founder) and client URLs when it starts.
# needs: settings

# member_id NAME
member_id() {
  awk -F ', ' -v name="$1" '$3 == name { print $1 }'
}

# member_name ID
member_name() {
  awk -F ', ' -v id="$1" '$1 == id { print $3 }'
}

# own_lines: those of this member, by its name or by its address.
own_lines() {
  awk -F ', ' -v name="$(setting name)" -v url="$(setting peer_url)" '$3 == name || $4 == url'
}

other_lines() {
  awk -F ', ' -v name="$(setting name)" -v url="$(setting peer_url)" '$3 != name && $4 != url'
}

# other_voters: prints "name client-URL" of every other member that has started and votes. A founder
# that has not started yet is not unhealthy: it starts later in the same change.
other_voters() {
  awk -F ', ' -v me="$(setting name)" '$5 != "" && $6 == "false" && $3 != me { print $3, $5 }'
}

count_voters() {
  awk -F ', ' '$6 == "false"' | grep -c . || :
}

# is_voter NAME
is_voter() {
  awk -F ', ' -v name="$1" '$3 == name && $5 != "" && $6 == "false" { found = 1 }
    END { exit !found }'
}

# first_voter NAMES: prints "id name" of the first of them that has started and votes.
first_voter() {
  awk -F ', ' -v names="$1" '
    $5 != "" && $6 == "false" { id[$3] = $1 }
    END {
      count = split(names, wanted, " ")
      for (i = 1; i <= count; i++)
        if (wanted[i] in id) {
          print id[wanted[i]], wanted[i]
          exit
        }
    }'
}

is_named() {
  case " $(setting named) " in
    *" $1 "*) ;;
    *) return 1 ;;
  esac
}

# is_expected NAME: the stack file lists it as reachable, so it is expected to run.
is_expected() {
  is_named "$1" || return 1
  case " $(setting unreachable) " in
    *" $1 "*) return 1 ;;
  esac
}
