# A generation is a folder with every file of the member: configuration, certificates, keys, service
# files and a link to the binaries. `current` points at the one in use, so that certificate and key
# change in the same instant, and the way back is the same one step.
# needs: files ownership places settings

generation_dir() {
  echo "$(setting config_dir)/generations/$1"
}

generation_in_use() {
  basename "$(readlink "$(setting config_dir)/current" 2>/dev/null || :)"
}

# release_in_use: of the programs that the member was last told to run; nothing before its first start
release_in_use() {
  basename "$(readlink "$(setting config_dir)/current/bin" 2>/dev/null || :)"
}

# Writes the desired generation beside the one in use. Where that is the same, it stays as it is: to write it
# anew would take a running member's files away for a moment, which a run that is killed then makes long.
generation_write() {
  ! generation_holds || return 0
  new=$(generation_dir "$(setting generation)")
  mkdir -p "$(dirname "$new")"
  chmod 0755 "$(dirname "$new")"
  rm -rf "$new.new"
  mkdir "$new.new"
  write_files "$new.new"
  ln -s "$(setting bin_dir)/$(setting version)" "$new.new/bin"
  setting cold >"$new.new/cold"
  setting trust >"$new.new/trust"
  places >"$new.new/places"
  rm -rf "$new"
  mv "$new.new" "$new"
}

# write_files FOLDER: those of the payload, each for whom it is meant
write_files() {
  cp -R "${payload:?}/files/." "$1"
  find "$1" -type d -exec chmod 0755 '{}' ';'
  while read -r mode group path; do
    chmod "$mode" "$1/$path"
    [ "$group" = "-" ] || chgrp "$group" "$1/$path"
    [ "$mode" != 0600 ] || let_etcd_read "$1/$path"
  done <"$payload/modes"
}

# generation_holds: the desired generation is there, complete and unchanged.
generation_holds() {
  held=$(generation_dir "$(setting generation)")
  [ "$(cat "$held/cold" 2>/dev/null)" = "$(setting cold)" ] &&
    [ "$(cat "$held/trust" 2>/dev/null)" = "$(setting trust)" ] &&
    [ "$(readlink "$held/bin")" = "$(setting bin_dir)/$(setting version)" ] &&
    places | cmp -s - "$held/places" || return 1
  while read -r mode group path; do
    cmp -s "${payload:?}/files/$path" "$held/$path" || return 1
    is_kept "$mode" "$group" "$held/$path" || return 1
  done <"$payload/modes"
}

# generation_use ID: one step changes everything; the other links are laid once.
generation_use() {
  link_atomically "generations/$1" "$(setting config_dir)/current" &&
    link_atomically current/pki "$(setting config_dir)/pki" &&
    link_atomically current/bin "$(setting config_dir)/bin" &&
    link_configuration
}

# The rendering for a new, a joining or an existing member. etcd reads everything that is called
# initial-* only while its data folder is empty, so going from one to the other needs no restart.
link_configuration() {
  rendering=current/new
  ! [ -e "$(setting state_dir)/joining" ] || rendering=joining
  ! has_data || rendering=current/existing
  for config in etcd.env conf.yml; do
    if [ -e "$(setting config_dir)/$rendering/$config" ]; then
      link_atomically "$rendering/$config" "$(setting config_dir)/$config" || return 1
    else
      rm -f "$(setting config_dir)/$config"
    fi
  done
}

has_data() {
  [ -d "$(setting data_dir)/member" ]
}

# runs_on COLD: the process was started with the cold files, flags and binary of this digest.
runs_on() {
  [ "$(cat "$(setting state_dir)/started" 2>/dev/null)" = "$1" ] && runtime_running
}

# Remembers that the member is healthy on the files it runs with now: the way back from a change
# that etcd refuses. After an interrupted run it may not have been started with those in use.
remember_good() {
  if cmp -s "$(setting state_dir)/started" "$(setting config_dir)/current/cold"; then
    generation_in_use | write_atomically "$(setting state_dir)/good"
  fi
}

# last_good: nothing once that generation is gone, as there is no way back to it.
last_good() {
  noted=$(cat "$(setting state_dir)/good" 2>/dev/null || :)
  [ -z "$noted" ] || [ ! -e "$(generation_dir "$noted")/cold" ] || echo "$noted"
}

# Keeps the generation in use and the last good one. The operator's credentials are deleted from the
# latter: the operators may have changed.
generation_prune() {
  for old in "$(setting config_dir)"/generations/*; do
    case $(basename "$old") in
      "$(generation_in_use)") ;;
      "$(last_good)") rm -f "$old"/pki/operator.* "$old/profile.sh" ;;
      *) rm -rf "$old" ;;
    esac
  done
}
