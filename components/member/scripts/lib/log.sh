# etcd's log where it is a file: processes write into it one after the other.
# needs: settings

# mark_log: what is in it by now is of a former process.
mark_log() {
  log_mark=$(log_size)
}

# log_since_mark: the end of what has come since; all that there is of one that was begun anew
log_since_mark() {
  [ "$(log_size)" -ge "${log_mark:-0}" ] || log_mark=0
  tail -c "+$((${log_mark:-0} + 1))" "$(setting log_dir)/etcd.log" 2>/dev/null | tail -n 200
}

# behind_shutdown: what follows the last words of a process that was stopped in order
behind_shutdown() {
  awk '{ lines = lines $0 "\n" }
    /"msg":"closed etcd server"/ { lines = "" }
    END { printf "%s", lines }'
}

# as_json: the lines of etcd's log on standard input as its log format `json` has them; those of the format
# `console` are "time level caller message {fields}", divided by tabs.
as_json() {
  awk -F '\t' '
    NF >= 4 && $2 ~ /^(debug|info|warn|error|dpanic|panic|fatal)$/ {
      fields = $5
      gsub(/": /, "\":", fields)
      gsub(/, "/, ",\"", fields)
      sub(/^[{]/, ",", fields)
      message = $4
      gsub(/["\\]/, "\\\\&", message)
      print "{\"level\":\"" $2 "\",\"msg\":\"" message "\"" (fields == "" ? "}" : fields)
      next
    }
    { print }'
}

# bounded: the engine hangs on lines of 64 KiB.
bounded() {
  cut -c 1-4000
}

log_size() {
  log_bytes=$(wc -c <"$(setting log_dir)/etcd.log" 2>/dev/null) || log_bytes=0
  echo "$((log_bytes))"
}
