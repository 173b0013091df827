# What a person reads: short lines, the node's name first. Nothing secret is ever printed.
# needs: settings

say() {
  echo "$(setting name): $*"
}

# The last line on standard error is what `up` shows as the reason.
fail() {
  echo "error: $(setting name): $*" >&2
  exit 1
}
