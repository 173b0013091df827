# A rotation of the authority is several changes. One of them must not begin before the former has
# reached every member: a member that is left behind would be shut out by all others.
# needs: etcd members say settings variables
# sets: credentials_from

# require_trust: with the new files this member would still know every other one, and be known to it.
# A member that is down cannot say so; the stack file may say that it does not count.
require_trust() {
  authorities=$(cat "$(setting config_dir)/current/trust" 2>/dev/null) || return 0
  [ "$authorities" != "$(setting trust)" ] || return 0
  trust_list=$(members) || fail "not changed: no member of $(setting endpoints) could list the members"
  apart=$(echo "$trust_list" | other_voters | those_without_new_trust | sort)
  [ -z "$apart" ] ||
    fail "not changed: $authorities is to become $(setting trust), and with those certificates this member and $(echo "$apart" | tr '\n' ' ')would not trust each other; an earlier step of the rotation has to reach every member first. Set pki back to $authorities, run it, then go on step by step"
}

# Of the "name client-URL" lines on standard input. All are asked at once.
those_without_new_trust() {
  while read -r other_name other_url; do
    { ! counts "$other_name" || trusts_new_certificates "$other_url" </dev/null || echo "$other_name"; } &
  done
  wait
}

trusts_new_certificates() (
  credentials_from=payload
  is_healthy "$1"
)
