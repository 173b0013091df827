# Free disk, before anything is written: a member whose disk is full stops, and a full disk leaves
# half a preparation.
# needs: generation settings

space_tools() {
  echo df dirname
}

space_check() {
  # What a member already has grows within it.
  has_data || check_space "$(setting data_dir)" "$(setting data_mib)"
  [ -e "$(setting bin_dir)/$(setting version)" ] ||
    check_space "$(setting bin_dir)" "$(setting binaries_mib)"
}

# check_space FOLDER MIB: on the disk on which it is, or will be
check_space() {
  above=$1
  until [ -d "$above" ]; do
    above=$(dirname "$above")
  done
  free_mib=$(df -P -k "$above" | awk 'NR == 2 { print int($4 / 1024) }')
  [ "$free_mib" -ge "$2" ] ||
    problem "$1 has $free_mib MiB of free disk, $2 MiB are needed; make room, or set another folder (quota_mib says how large data may grow)"
}

space_make() {
  :
}

space_remove() {
  :
}
