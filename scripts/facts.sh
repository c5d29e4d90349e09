#!/bin/bash
# Facts about a host as one JSON object: hosts that are alike give the same answer.
# @parameter Identity default=no pattern=yes|no Whether to add its name and how long it is up, by which each host differs.
# @field os The system, as it calls itself.
# @field osVersion Its version.
# @field kernel The release of its kernel.
# @field architecture The processor.
# @field processors How many there are.
# @field memoryMiB The memory, in MiB.
# @field hostname With Identity: its name.
# @field uptimeSeconds With Identity: how long it is up, in seconds.
set -euo pipefail
export LC_ALL=C

# A text as a JSON string.
quote() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  printf '"%s"' "${text//[[:cntrl:]]/ }"
}

# A value of /etc/os-release, without its quotes.
release() {
  local line
  line=$(grep "^$1=" /etc/os-release || true)
  line=${line#*=}
  line=${line#\"}
  printf '%s' "${line%\"}"
}

memory=$(awk '$1 == "MemTotal:" { print int($2 / 1024) }' /proc/meminfo)
facts="\"os\":$(quote "$(release ID)"),\"osVersion\":$(quote "$(release VERSION_ID)")"
facts="$facts,\"kernel\":$(quote "$(uname -r)"),\"architecture\":$(quote "$(uname -m)")"
facts="$facts,\"processors\":$(nproc),\"memoryMiB\":$memory"
if [[ ${SSM_Identity:?} == yes ]]; then
  facts="$facts,\"hostname\":$(quote "$(uname -n)"),\"uptimeSeconds\":$(awk '{ print int($1) }' /proc/uptime)"
fi
printf '{%s}\n' "$facts"
