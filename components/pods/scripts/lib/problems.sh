# Everything that is wrong is said at once, before anything is touched.
# needs: say settings variables

problem() {
  problems=$((${problems:-0} + 1))
  echo "error: ${problem_member:-$(setting name)}: $*" >&2
}

# require_no_problem WHAT
require_no_problem() {
  [ "${problems:-0}" -eq 0 ] || fail "$problems problem(s), nothing was changed; see above"
  say "$1"
}
