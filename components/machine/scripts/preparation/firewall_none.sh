# No firewall is asked for: nothing is done, but rules of our own from an earlier run are taken back.
# needs: firewall

firewall_none_tools() {
  :
}

firewall_none_check() {
  :
}

firewall_none_make() {
  firewall_remember none
}

firewall_none_remove() {
  :
}
