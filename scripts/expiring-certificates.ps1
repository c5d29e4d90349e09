# Certificates of a host that expire soon or have expired, a JSON object for each.
# @parameter Days default=30 pattern=[0-9]{1,4} How many days count as soon.
# @parameter Places default="" pattern="[^;&|]*" Folders on Linux, certificate stores on Windows, with blanks between; empty: the usual ones.
# @field name Whom the certificate is for.
# @field place Where it is.
# @field expires When it does, in UTC.
# @field daysLeft How many days are left; below 0 where it has expired.
# @field expired Whether it has.
$ErrorActionPreference = 'Stop'

$stores = 'My', 'WebHosting', 'Remote Desktop'
if ($env:SSM_Places) { $stores = $env:SSM_Places -split ' +' | Where-Object { $_ } }
$now = (Get-Date).ToUniversalTime()
$limit = $now.AddDays([int] $env:SSM_Days)

foreach ($store in $stores) {
  $place = "Cert:\LocalMachine\$store"
  if (-not (Test-Path -Path $place)) { continue }
  Get-ChildItem -Path $place | Sort-Object -Property Thumbprint | ForEach-Object {
    $end = $_.NotAfter.ToUniversalTime()
    if ($end -ge $limit) { return }
    $certificate = [ordered]@{
      name = $_.Subject
      place = "$store\$($_.Thumbprint)"
      expires = $end.ToString('yyyy-MM-ddTHH:mm:ssZ')
      daysLeft = [int] [Math]::Truncate(($end - $now).TotalDays)
      expired = $end -lt $now
    }
    ConvertTo-Json -Compress -InputObject $certificate
  }
}
