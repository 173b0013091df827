# Runs COMMAND, if there is one, unless the member would start empty under its old identity:
# keep-identity.sh CONFIG_DIR DATA_DIR [COMMAND…]. A founder has another configuration until its
# data folder is there.
set -eu
config_dir=$1
data_dir=$2
shift 2
for config in etcd.env conf.yml; do
  case $(readlink "$config_dir/$config" || :) in
    */existing/*) ;;
    *) continue ;;
  esac
  if [ ! -d "$data_dir/member" ]; then
    echo "not started: its data folder $data_dir/member is gone, and a member never starts empty under its old identity; put the folder back" >&2
    exit 1
  fi
done
if [ $# -gt 0 ]; then
  exec "$@"
fi
