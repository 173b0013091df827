# Retired data: data that is no longer in use is kept under another name.
# needs: files ownership settings

# Whose data it is, as the preparation step `data` notes it.
data_record() {
  echo "$(setting state_dir)/data"
}

# retired_data_path: where the data will be. A disk of its own cannot be renamed: there it is a folder
# on it.
retired_data_path() {
  retired="retired-$(date -u +%Y%m%dT%H%M%SZ)"
  if is_mount_point "$(setting data_dir)"; then
    echo "$(setting data_dir)/$retired"
  else
    echo "$(setting data_dir).$retired"
  fi
}

# retire_data_to PATH. By its file `identity` the step `data` knows it when somebody renames it back.
retire_data_to() {
  if is_mount_point "$(setting data_dir)"; then
    mkdir "$1"
    give_to_etcd "$1"
    name_data "$1"
    mv "$(setting data_dir)/member" "$1/member"
  else
    name_data "$(setting data_dir)"
    mv "$(setting data_dir)" "$1"
  fi
}

# name_data FOLDER
name_data() {
  [ ! -s "$(data_record)" ] || cp "$(data_record)" "$1/identity"
}

make_data_folder() {
  make_folders "$(setting data_dir)"
  chmod 0700 "$(setting data_dir)"
  give_to_etcd "$(setting data_dir)"
}
