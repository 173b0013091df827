# Releases of etcd by their numbers, such as 3.6.14.

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

# release_in_use: of the programs that the member was last told to run; nothing before its first start
release_in_use() {
  basename "$(readlink "$(setting config_dir)/current/bin" 2>/dev/null || :)"
}
