# The last word of an `up`.

health() {
  require_whole
}
