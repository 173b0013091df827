# What the list of members says of one that comes or has gone.

# is_awaited, from its own lines: a run that broke off has added it, and it has not started yet.
is_awaited() {
  awk -F ', ' -v url="$(setting peer_url)" '
    $4 == url && $5 == "" && $6 == "true" { awaited++ }
    END { exit !(NR == 1 && awaited == 1) }'
}

# shellcheck disable=SC2034 # told is read by refusal
is_promoted() {
  promoted_list=$(members) || return 1
  own_line=$(echo "$promoted_list" | own_lines)
  case $own_line in
    *', true') told=$(ask "$(endpoints)" member promote "${own_line%%,*}") ;;
    *', false') ;;
    *) return 1 ;;
  esac
}

# was_removed: the others say that it is no member any more, so its data is of no use.
was_removed() {
  ! nobody_listens || return 1
  removed_list=$(members) || return 1
  [ -z "$(echo "$removed_list" | own_lines)" ]
}
