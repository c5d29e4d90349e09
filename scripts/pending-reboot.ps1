# Whether a host waits for a reboot, and why, as one JSON object.
# @field pending Whether it does.
# @field reasons Why.
$ErrorActionPreference = 'Stop'

$reasons = @()
$servicing = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending'
if (Test-Path -Path $servicing) { $reasons += 'servicing' }
$update = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired'
if (Test-Path -Path $update) { $reasons += 'updates' }
$manager = Get-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager'
if ($manager.PSObject.Properties['PendingFileRenameOperations']) { $reasons += 'files' }
$names = 'HKLM:\SYSTEM\CurrentControlSet\Control\ComputerName'
$active = (Get-ItemProperty -Path "$names\ActiveComputerName").ComputerName
if ((Get-ItemProperty -Path "$names\ComputerName").ComputerName -ne $active) { $reasons += 'name' }

ConvertTo-Json -Compress -InputObject ([ordered]@{ pending = $reasons.Count -gt 0; reasons = $reasons })
