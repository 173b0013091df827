# Users and groups of a machine: by whatever tools it has, wherever it keeps them.
# needs: say

# account passwd|group NAME-OR-NUMBER: prints that entry, or nothing. Directories such as LDAP have
# users too; busybox alone knows files only.
account() {
  if command -v getent >/dev/null; then
    getent "$1" "$2" || :
  else
    awk -F : -v key="$2" '$1 == key || $3 == key' "/etc/$1"
  fi
}

# make_group NAME [NUMBER]
make_group() {
  [ -z "$(account group "$1")" ] || return 0
  if command -v groupadd >/dev/null; then
    quietly groupadd --system ${2:+--gid "$2"} "$1"
  else
    quietly addgroup -S ${2:+-g "$2"} "$1"
  fi
}

# make_user NAME GROUP HOME SHELL [NUMBER]: without a password; its home is not made.
make_user() {
  [ -z "$(account passwd "$1")" ] || return 0
  if command -v useradd >/dev/null; then
    quietly useradd --system --no-create-home --gid "$2" --home-dir "$3" --shell "$4" \
      ${5:+--uid "$5"} "$1"
  else
    quietly adduser -S -D -H -G "$2" -h "$3" -s "$4" ${5:+-u "$5"} "$1"
  fi
}

# quietly COMMAND…: what it says is shown only if it fails. These tools warn of every number that
# their distribution would not have chosen.
quietly() {
  quietly_said=$("$@" 2>&1) || fail "$1 did not succeed: $(echo "$quietly_said" | tr '\n' ' ')"
}
