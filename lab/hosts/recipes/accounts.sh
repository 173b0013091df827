#!/bin/sh
# adduser, addgroup, deluser and delgroup as Alpine's busybox has them, which Debian's was built
# without: the same options, done by the tools of shadow that Alpine does not have on its PATH.
set -eu

tools=/usr/lib/shadow
called=${0##*/}
system='' group='' id='' home='' shell=/bin/ash comment='' create=--create-home password=

while getopts 'Sg:G:u:h:s:DHk:' option; do
  case $called$option in
    *S) system=--system ;;
    addgroupg) id=$OPTARG ;;
    *g) comment=$OPTARG ;;
    *G) group=$OPTARG ;;
    *u) id=$OPTARG ;;
    *h) home=$OPTARG ;;
    *s) shell=$OPTARG ;;
    *D) password='*' ;;
    *H) create=--no-create-home ;;
    *k) ;;
    *) exit 1 ;;
  esac
done
shift $((OPTIND - 1))

add_user() {
  if [ $# -eq 2 ]; then
    exec "$tools/usermod" --append --groups "$2" "$1"
  fi
  if [ -z "$group" ] && [ -n "$system" ]; then
    group=nogroup
  fi
  # shellcheck disable=SC2086
  exec "$tools/useradd" $system $create --password "${password:-!}" --comment "$comment" \
    --home-dir "${home:-/home/$1}" --shell "$shell" ${id:+--uid "$id"} \
    ${group:+--gid "$group"} "$1"
}

add_group() {
  if [ $# -eq 2 ]; then
    exec "$tools/usermod" --append --groups "$2" "$1"
  fi
  # shellcheck disable=SC2086
  exec "$tools/groupadd" $system ${id:+--gid "$id"} "$1"
}

case $called in
  adduser) add_user "$@" ;;
  addgroup) add_group "$@" ;;
  deluser) exec "$tools/userdel" "$1" ;;
  delgroup) exec "$tools/groupdel" "$1" ;;
esac
