# Whether anybody else is there at all.

# nobody_listens: no other member has a pod that runs.
nobody_listens() {
  for other_pod in $(setting other_pods); do
    ! pod_runs "$other_pod" || return 1
  done
}
