# What a node remembers between runs: every file of its state folder, and how long each lives.
#   run      one run of a script
#   process  one process of etcd
#   member   one membership of the cluster: whoever comes back is another member
#   node     from its preparation to its retirement
#   machine  until the node is wiped: what a machine that comes back still has to know
# A name is a pattern of the shell. Who writes a file there that is not listed fails a test.
# needs: settings

notes_table() {
  cat <<'NOTES'
run      lock              by which runs wait for each other
run      work              the payload of the run that is going on
process  started           the digest of the cold files that it was started with
process  starting          where a start that has not come to its end puts it
process  places            where it serves clients and peers
process  etcd.pid          its number, under supervisord
process  supervisord.conf  what supervisord was started with
process  supervisord.pid   supervisord's number
member   lived             it was started: it never starts empty under this identity
member   joining           it has been added as a learner and is no voter yet
member   good              the generation of files that it was healthy on
member   defragmented      the label of maintenance.defragment that it was defragmented for
node     scripts.tar.gz    what the commands of this node run
node     folders           the folders that were made for it, or found empty
node     named             the members that the stack file expects to run
node     named_before      those of the former stack file, until the change is over
node     rehearsal.log     what etcd said that was started beside the member, and refused
node     immutable         what cannot change while it has data
node     data              whose data its data folder has
node     firewall          the firewall backend whose rules are installed
node     firewall_peers    the peers that are let in, and those that were before
node     firewalld.xml     the policy that firewalld was last told to load
node     etcd-*.tar.gz     an archive that is still being fetched
machine  retired           it is not prepared any more; where its data is kept
machine  left              the authority of the cluster that its member has left
machine  snapshots         a snapshot from before the last change of version
machine  firewall_services the services of a firewall that were off before
NOTES
}

# notes_of LIFETIME…: prints their names.
notes_of() {
  for lifetime in "$@"; do
    notes_table | awk -v lifetime="$lifetime" '$1 == lifetime { print $2 }'
  done
}

# forget_notes LIFETIME…: a write that broke off has left a `.new`.
forget_notes() (
  cd "$(setting state_dir)" || exit
  # shellcheck disable=SC2046 # patterns
  rm -rf $(notes_of "$@" | sed 's/$/.new/') $(notes_of "$@")
)

# forget_node: what a retirement takes with it.
forget_node() {
  forget_notes process member node
}

# note_names: all of them, as an extended regular expression
note_names() {
  notes_table | awk '
    { gsub(/\./, "\\.", $2); gsub(/\*/, ".*", $2); printf "%s%s", (NR > 1 ? "|" : "("), $2 }
    END { print ")(\\.new)?" }'
}
