# The ports that a host listens on, a JSON object for each, in order.
# @parameter Protocol default=tcp pattern=tcp|udp|all Which of them.
# @field protocol tcp or udp.
# @field port The number.
# @field address On which address.
# @field process What listens; empty where the system does not tell.
$ErrorActionPreference = 'Stop'

$names = @{}
Get-Process | ForEach-Object { $names[[int] $_.Id] = $_.ProcessName }

function Get-Listener([string] $protocol, $socket) {
  [pscustomobject] [ordered] @{
    protocol = $protocol
    port = [int] $socket.LocalPort
    address = $socket.LocalAddress -replace '%.*$', ''
    process = [string] $names[[int] $socket.OwningProcess]
  }
}

$found = @()
if ($env:SSM_Protocol -ne 'udp') {
  $found += Get-NetTCPConnection -State Listen | ForEach-Object { Get-Listener 'tcp' $_ }
}
if ($env:SSM_Protocol -ne 'tcp') {
  $found += Get-NetUDPEndpoint | ForEach-Object { Get-Listener 'udp' $_ }
}
$found |
  Sort-Object -Unique -Property 'protocol', 'port', 'address', 'process' |
  ForEach-Object { ConvertTo-Json -Compress -InputObject $_ }
