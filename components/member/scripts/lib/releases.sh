# Releases of etcd by their numbers, such as 3.6.16.

# minor_of RELEASE: 3.6
minor_of() {
  echo "${1%.*}"
}

# is_older_minor RELEASE RELEASE
is_older_minor() {
  [ "$(minor_number "$1")" -lt "$(minor_number "$2")" ]
}

minor_number() {
  minor_of "$1" | sed 's/.*\.//'
}
