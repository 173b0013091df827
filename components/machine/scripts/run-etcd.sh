# Runs etcd with its configuration: run-etcd.sh CONFIG_DIR PID_FILE. The process keeps its number,
# so that whoever supervises this script supervises etcd.
set -eu
config_dir=$1
echo $$ >"$2.new"
mv "$2.new" "$2"
if [ -e "$config_dir/conf.yml" ]; then
  exec "$config_dir/bin/etcd" --config-file "$config_dir/conf.yml"
fi
set -a
# shellcheck source=/dev/null
. "$config_dir/etcd.env"
set +a
exec "$config_dir/bin/etcd"
