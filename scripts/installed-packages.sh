#!/bin/bash
# The packages that are installed on a host, a JSON object for each, by name.
# @parameter Name default="*" pattern=[A-Za-z0-9.*?+_:-]+ Which of them: a name, in which * and ? stand for any letters.
# @field name The package.
# @field version Its version.
# @field architecture What processor it is for.
set -euo pipefail
export LC_ALL=C

name=${SSM_Name:?}

# Name, version and architecture, with tabs between.
packages() {
  if command -v rpm >/dev/null; then
    # Keys that packages are signed with are listed like packages; they have no architecture.
    rpm -qa --qf '%{NAME}\t%{VERSION}-%{RELEASE}\t%{ARCH}\n' "$name" | grep -v '^gpg-pubkey'$'\t' || true
  else
    # What was removed may still be known by its configuration. Nothing that fits is a failure here, and none there.
    dpkg-query -W -f '${db:Status-Abbrev}\t${Package}\t${Version}\t${Architecture}\n' "$name" 2>/dev/null |
      sed -n 's/^.i *'$'\t''//p' || true
  fi
}

packages | sort | awk -F '\t' '{ printf "{\"name\":\"%s\",\"version\":\"%s\",\"architecture\":\"%s\"}\n", $1, $2, $3 }'
