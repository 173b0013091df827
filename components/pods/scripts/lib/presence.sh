# Whether anybody else is there at all.

# nobody_listens: no other member has a pod that runs.
nobody_listens() {
  for other in $(setting other_names); do
    ! pod_runs "$other-0" || return 1
  done
}
