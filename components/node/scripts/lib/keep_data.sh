# Data that is in use no more is kept under another name.

# Whose data it is, as the part `data` notes it.
data_record() {
  echo "$(setting state_dir)/data"
}

# keep_data: prints where it is now. A disk of its own cannot be renamed: there the data goes
# to another folder on it.
keep_data() {
  data_dir=$(setting data_dir)
  retired="retired-$(date -u +%Y%m%dT%H%M%SZ)"
  if is_mount_point "$data_dir"; then
    kept="$data_dir/$retired"
    mkdir "$kept"
    give_to_etcd "$kept"
    mv "$data_dir/member" "$kept/member"
  else
    kept="$data_dir.$retired"
    mv "$data_dir" "$kept"
  fi
  echo "$kept"
}

make_data_folder() {
  make_folders "$(setting data_dir)"
  chmod 0700 "$(setting data_dir)"
  give_to_etcd "$(setting data_dir)"
}
