# Puts a set of files on this machine, each whole or not at all, readable by its owner alone.
# The arguments are set in front of this text:
#   $1 action: write, or remove all of the set   $2 root, below which all paths are   $3 the set's name
# Standard input of `write`: a tar in base64. Its files are put in place in its order.
set -eu
umask 077

make_folder() {
  (
    umask 022
    mkdir -p "$1"
  )
}

# place FILE: from the work folder to its own. A rename is one step within one file system only.
place() {
  cmp -s "$work/new/$1" "$root/$1" && [ "$(stat -c %a "$root/$1")" = 600 ] && return
  folder=$(dirname "$root/$1")
  make_folder "$folder"
  beside=$folder/.$(basename "$1").new # a kubelet passes over what begins with a dot
  cp "$work/new/$1" "$beside"
  mv "$beside" "$root/$1"
  echo "wrote /$1"
}

root=$2
notes=$root/var/lib/control-plane
make_folder "$notes"
work=$(mktemp -d "$notes/work.XXXXXX")
beside=
trap 'rm -rf "$work" ${beside:+"$beside"}' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir "$work/new"
: >"$work/wanted"
if [ "$1" = write ]; then
  base64 -d >"$work/tar"
  tar -tf "$work/tar" >"$work/wanted"
  tar -xf "$work/tar" -C "$work/new"
fi

# Noted before they are there, so that none is forgotten when this run is cut off.
touch "$notes/$3"
sort -u "$notes/$3" "$work/wanted" >"$work/noted"
mv "$work/noted" "$notes/$3"

while IFS= read -r file; do
  place "$file"
done <"$work/wanted"

while IFS= read -r file; do
  grep -qxF -e "$file" "$work/wanted" && continue
  rm -f "$root/$file"
  echo "removed /$file"
done <"$notes/$3"

if [ "$1" = write ]; then
  mv "$work/wanted" "$notes/$3"
else
  rm "$notes/$3"
fi
