# Labels of what has been laid down, where SELinux is enforcing; elsewhere nothing.
# needs: say selinux settings

selinux_tools() {
  ! selinux_enforces || echo restorecon matchpathcon
}

# systemd starts programs only where the policy expects programs: in a folder of our own it has to
# be told.
selinux_check() {
  if selinux_enforces && ! expects_programs; then
    command -v semanage >/dev/null ||
      problem "SELinux expects no programs in $(setting bin_dir), and the command semanage is missing to tell it; install the package that has it (policycoreutils-python-utils), or set a folder below /usr/local/bin"
  fi
}

selinux_make() {
  selinux_enforces || return 0
  expects_programs || expect_programs
  relabel "$(setting config_dir)" "$(setting data_dir)" "$(setting bin_dir)" \
    "$(setting state_dir)" "$(setting log_dir)"
}

# The rule stays: it says something about a folder that is gone.
selinux_remove() {
  :
}

expects_programs() {
  case $(matchpathcon -n "$(setting bin_dir)/$(setting version)/etcd" 2>/dev/null) in
    *:bin_t:*) ;;
    *) return 1 ;;
  esac
}

expect_programs() {
  # A path in a rule is a regular expression.
  programs="$(setting bin_dir | sed 's/[.+]/\\&/g')(/.*)?"
  semanage fcontext -a -t bin_t "$programs" 2>/dev/null ||
    semanage fcontext -m -t bin_t "$programs" ||
    fail "semanage did not take the rule that programs lie in $(setting bin_dir)"
}
