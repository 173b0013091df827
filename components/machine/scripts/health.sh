# The last word of an `up`.
# needs: whole

health() {
  require_whole
}
