#!/bin/bash
# The ports that a host listens on, a JSON object for each, in order.
# @parameter Protocol default=tcp pattern=tcp|udp|all Which of them.
# @field protocol tcp or udp.
# @field port The number.
# @field address On which address.
# @field process What listens; empty where the system does not tell.
set -euo pipefail
export LC_ALL=C

protocol=${SSM_Protocol:?}
case $protocol in
  tcp) which=-t ;;
  udp) which=-u ;;
  *) which=-tu ;;
esac

# Columns: with both protocols the first is which; then state, two queues, the local address and port, the peer's, and
# whose it is: users:(("sshd",pid=1893,fd=3)). An address may have an interface: 10.0.0.5%ens5.
ss -H -l -n -p "$which" | awk -v protocol="$protocol" '
  {
    first = protocol == "all" ? 2 : 1
    local = $(first + 3)
    port = local
    sub(/^.*:/, "", port)
    address = substr(local, 1, length(local) - length(port) - 1)
    sub(/%.*$/, "", address)
    gsub(/[][]/, "", address)
    if (address == "*") address = "::"
    name = ""
    # The first of them; a name may have blanks.
    if (match($0, /users:\(\("[^"]*"/)) name = substr($0, RSTART + 9, RLENGTH - 10)
    gsub(/[\\]/, "", name)
    printf "%s %05d %s %s\n", protocol == "all" ? $1 : protocol, port, address, name
  }
' | sort -u | awk '
  {
    name = $0
    sub(/^[^ ]* [^ ]* [^ ]* ?/, "", name)
    printf "{\"protocol\":\"%s\",\"port\":%d,\"address\":\"%s\",\"process\":\"%s\"}\n", $1, $2, $3, name
  }
'
