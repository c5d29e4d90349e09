#!/bin/bash
# Whether disks of a host are nearly full, as one JSON object: hosts that have room give the same answer.
# @parameter Percent default=80 pattern=[1-9][0-9]?|100 How much used counts as nearly full, of bytes and of inodes.
# @field pressure Whether any disk is nearly full.
# @field disks Those that are: place, of (bytes or inodes), usedPercent.
set -euo pipefail
export LC_ALL=C

percent=${SSM_Percent:?}

# Local disks only: what is in memory or shared from elsewhere is left out. -P: a line for each.
# The first list is of bytes, the second of inodes.
{
  df -P -k -x tmpfs -x devtmpfs -x squashfs -x overlay -x nfs -x nfs4 -x cifs
  df -P -i -x tmpfs -x devtmpfs -x squashfs -x overlay -x nfs -x nfs4 -x cifs
} | awk -v limit="$percent" '
  $1 == "Filesystem" { lists++; next }
  {
    used = $5
    sub(/%/, "", used)
    # A mount point may have blanks.
    mount = $0
    sub(/^[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +/, "", mount)
    gsub(/[\\"]/, "\\\\&", mount)
    # vfat has no inodes: its share is a dash.
    if (used !~ /^[0-9]+$/ || used + 0 < limit + 0) next
    if (full != "") full = full ","
    full = full "{\"place\":\"" mount "\",\"of\":\"" (lists == 1 ? "bytes" : "inodes") "\",\"usedPercent\":" used "}"
  }
  END { printf "{\"pressure\":%s,\"disks\":[%s]}\n", full == "" ? "false" : "true", full }
'
