# Local sockets as the kernel lists them, for machines without ss, netstat or nc.

# listening HEX[/HEX…]: one of these local addresses (hexadecimal address:port) has a listener
listening() {
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v wanted="/$1/" '
    $4 == "0A" && index(wanted, "/" $2 "/") { found = 1 }
    END { exit !found }'
}
