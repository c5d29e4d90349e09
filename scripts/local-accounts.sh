#!/bin/bash
# A host's own accounts and who of them may administer it, a JSON object for each.
# @parameter All default=no pattern=yes|no Whether to list those that cannot log in as well.
# @field name The account.
# @field login Whether it can log in.
# @field administrator Whether it may administer the host.
# @field groups What it is a member of.
set -euo pipefail
shopt -s nullglob
export LC_ALL=C

all=${SSM_All:?}

# Each line of sudo's rules that gives somebody something: comments, defaults and aliases are none. Other files that
# these include are not followed.
rules=""
for file in /etc/sudoers /etc/sudoers.d/*; do
  # sudo leaves out what has a dot or ends in ~, as editors leave files.
  case ${file#/etc/sudoers.d/} in *.* | *~) continue ;; esac
  [[ -r $file ]] || continue
  rules+=$(sed -e 's/#.*$//' -e 's/^[[:space:]]*//' -e '/^$/d' -e '/^@/d' -e '/^Defaults/d' -e '/^[A-Z][A-Za-z]*_Alias/d' "$file")$'\n'
done
rules=$(awk '{ print $1 }' <<<"$rules")

groups=$(cat /etc/group)

# Whether sudo has a rule for an account, or for one of its groups.
administers() {
  local account=$1 memberships=$2 group
  if grep -qxF -e "$account" -e ALL <<<"$rules"; then return 0; fi
  for group in $memberships; do
    if grep -qxF "%$group" <<<"$rules"; then return 0; fi
  done
  return 1
}

while IFS=: read -r account _ uid gid _ _ shell; do
  login=true
  case $shell in */nologin | */false | "" | /bin/sync | */halt | */shutdown) login=false ;; esac
  if [[ $login == false && $all != yes ]]; then continue; fi
  memberships=$(awk -F: -v account="$account" -v gid="$gid" '
    { found = $3 == gid; count = split($4, members, ","); for (at = 1; at <= count; at++) if (members[at] == account) found = 1 }
    found { print $1 }
  ' <<<"$groups" | sort -u)
  administrator=false
  if [[ $uid == 0 ]] || administers "$account" "$memberships"; then administrator=true; fi
  list=""
  for group in $memberships; do list+="${list:+,}\"$group\""; done
  printf '{"name":"%s","login":%s,"administrator":%s,"groups":[%s]}\n' "$account" "$login" "$administrator" "$list"
done < <(sort /etc/passwd)
