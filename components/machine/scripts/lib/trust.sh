# A rotation of the CA takes several steps. A step must not start before the previous one has reached every
# member; otherwise members reject each other's certificates.
# needs: etcd members say settings variables
# sets: credentials_from

# require_trust: with the new files this member and all others accept each other's certificates. A member
# that is down cannot show it; one that is marked `reachable: false` is not asked.
require_trust() {
  authorities=$(cat "$(setting config_dir)/current/trust" 2>/dev/null) || return 0
  [ "$authorities" != "$(setting trust)" ] || return 0
  trust_list=$(members) || fail "not changed: no member of $(setting endpoints) could list the members"
  apart=$(echo "$trust_list" | other_voters | those_without_new_trust | sort)
  [ -z "$apart" ] ||
    fail "not changed: pki would go from $authorities to $(setting trust), and with those certificates this member and $(echo "$apart" | tr '\n' ' ')would not trust each other; complete the previous step of the rotation on every member first: set pki back to $authorities, run \`up\`, then go on one step at a time"
}

# Of the "name client-URL" lines on standard input. All are asked at once.
those_without_new_trust() {
  while read -r other_name other_url; do
    { ! is_expected "$other_name" || trusts_new_certificates "$other_url" </dev/null || echo "$other_name"; } &
  done
  wait
}

trusts_new_certificates() (
  credentials_from=payload
  is_healthy "$1"
)
