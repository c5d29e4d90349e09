#!/bin/bash
# Certificates of a host that expire soon or have expired, a JSON object for each.
# @parameter Days default=30 pattern=[0-9]{1,4} How many days count as soon.
# @parameter Places default="" pattern="[^;&|]*" Folders on Linux, certificate stores on Windows, with blanks between; empty: the usual ones.
# @field name Whom the certificate is for.
# @field place Where it is.
# @field expires When it does, in UTC.
# @field daysLeft How many days are left; below 0 where it has expired.
# @field expired Whether it has.
set -euo pipefail
export LC_ALL=C

# The usual folders; what distributions trust is not the host's own.
places=${SSM_Places:-/etc/pki/tls/certs /etc/pki/nginx /etc/letsencrypt/live /etc/ssl /etc/nginx /etc/httpd /etc/apache2 /opt}
read -r -a folders <<<"$places"
seconds=$((${SSM_Days:?} * 86400))
now=$(date +%s)

for folder in "${folders[@]}"; do
  [[ -d $folder ]] || continue
  find "$folder" -type f \( -name '*.pem' -o -name '*.crt' -o -name '*.cer' \) \
    -not -path '/etc/ssl/certs/*' -not -name 'ca-bundle*' -not -name 'ca-certificates*'
done | sort -u | while read -r file; do
  # Of a chain this is the first, which is the host's own. A key or a request is no certificate.
  end=$(openssl x509 -noout -enddate -in "$file" 2>/dev/null) || continue
  end=$(date -u -d "${end#notAfter=}" +%s)
  left=$(((end - now) / 86400))
  if [[ $((end - now)) -ge $seconds ]]; then continue; fi
  subject=$(openssl x509 -noout -subject -nameopt RFC2253 -in "$file")
  subject=${subject#subject=}
  subject=${subject//\\/\\\\}
  expired=false
  if [[ $end -lt $now ]]; then expired=true; fi
  printf '{"name":"%s","place":"%s","expires":"%s","daysLeft":%d,"expired":%s}\n' \
    "${subject//\"/\\\"}" "$file" "$(date -u -d "@$end" +%Y-%m-%dT%H:%M:%SZ)" \
    "$left" "$expired"
done
