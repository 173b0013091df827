# Who owns what etcd needs. Where there is no owner, everything belongs to whoever runs this.
# needs: settings

# give_to_etcd PATH: etcd may write here.
give_to_etcd() {
  [ -z "$(setting owner)" ] || chown "$(setting owner)" "$1"
}

# let_etcd_read KEY: nobody else may, apart from root.
let_etcd_read() {
  case $(setting key_access) in
    owner) give_to_etcd "$1" ;;
    acl) setfacl -m "u:$(setting user):r" "$1" ;;
  esac
}

# is_kept MODE GROUP FILE: mode and owner are as they were written.
is_kept() {
  kept_mode=$1
  set -- "$3" "$2"
  if [ "$kept_mode" = 0600 ] && [ "$(setting key_access)" = acl ]; then
    # The mask of an access list shows as the group's rights.
    kept_mode=0640
  elif [ "$kept_mode" = 0600 ] && [ -n "$(setting owner)" ]; then
    [ -n "$(find "$1" -user "$(setting user)")" ] || return 1
  fi
  [ "$2" = - ] || [ -n "$(find "$1" -group "$2")" ] || return 1
  [ -n "$(find "$1" -perm "$kept_mode")" ]
}
