# Whether disks of a host are nearly full, as one JSON object: hosts that have room give the same answer.
# @parameter Percent default=80 pattern=[1-9][0-9]?|100 How much used counts as nearly full, of bytes and of inodes.
# @field pressure Whether any disk is nearly full.
# @field disks Those that are: place, of (bytes or inodes), usedPercent.
$ErrorActionPreference = 'Stop'

# Local disks only: drive type 3. NTFS has no inodes to run out of.
$full = Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType = 3' |
  Where-Object { $_.Size -gt 0 } |
  Sort-Object -Property DeviceID |
  ForEach-Object {
    $used = [int] [Math]::Ceiling(100 * ($_.Size - $_.FreeSpace) / $_.Size)
    if ($used -ge [int] $env:SSM_Percent) {
      [ordered]@{ place = $_.DeviceID + '\'; of = 'bytes'; usedPercent = $used }
    }
  }
$disks = @($full | Where-Object { $_ })
ConvertTo-Json -Compress -Depth 3 -InputObject ([ordered]@{ pressure = $disks.Count -gt 0; disks = $disks })
