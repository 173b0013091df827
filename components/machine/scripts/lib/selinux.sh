# Where SELinux is enforcing, a file that was moved or lies in an unusual folder keeps a label that
# lets no service near it.

selinux_enforces() {
  [ "$(getenforce 2>/dev/null)" = Enforcing ]
}

# relabel PATH…: as the machine's policy would label them, with everything below
relabel() {
  ! selinux_enforces || restorecon -R "$@"
}
