#!/bin/bash
# Whether a host waits for a reboot, and why, as one JSON object.
# @field pending Whether it does.
# @field reasons Why.
set -euo pipefail
export LC_ALL=C

reasons=""
because() { reasons+="${reasons:+,}\"$1\""; }

# Ubuntu and Debian: packages leave a file.
if [[ -e /run/reboot-required ]]; then because updates; fi

# Amazon Linux and Red Hat: exit code 1 means yes. Amazon Linux 2023 has it as dnf's own, and both are optional.
if command -v needs-restarting >/dev/null; then
  code=0
  needs-restarting -r >/dev/null || code=$?
  if ((code == 1)); then because updates; fi
elif command -v rpm >/dev/null; then
  # The newest kernel that is installed, if it is not the one that runs.
  newest=$(rpm -q --qf '%{VERSION}-%{RELEASE}.%{ARCH}\n' kernel | sort -V | tail -n 1 || true)
  if [[ $newest != *"not installed"* && $newest != "$(uname -r)" ]]; then because kernel; fi
fi

pending=false
if [[ -n $reasons ]]; then pending=true; fi
printf '{"pending":%s,"reasons":[%s]}\n' "$pending" "$reasons"
