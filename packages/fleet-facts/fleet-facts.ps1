# Prints facts about this host as one JSON object on one line: the twin of fleet-facts for Linux, with
# the same names. A fact that the host cannot tell is left out. For Windows PowerShell 5.1, which every
# Windows Server since 2016 has. It changes nothing.
#
#   fleet-facts.ps1 [-Help] [-Version] [FACT...]
param(
  [switch] $Help,
  [switch] $Version,
  [Parameter(ValueFromRemainingArguments = $true)] [string[]] $Wanted
)

$ErrorActionPreference = 'Stop'
$facts = 'kernel', 'os', 'hostname', 'architecture', 'memory', 'disks', 'listeningPorts', 'packages', 'uptimeSeconds'

function Get-System { Get-CimInstance -ClassName Win32_OperatingSystem }

function Get-Fact([string] $fact) {
  switch ($fact) {
    'kernel' { [ordered]@{ release = [Environment]::OSVersion.Version.ToString() } }
    'os' {
      $system = Get-System
      [ordered]@{ id = 'windows'; version = $system.Version; name = $system.Caption.Trim() }
    }
    'hostname' { [System.Net.Dns]::GetHostName() }
    'architecture' { Get-Architecture }
    'memory' {
      $system = Get-System
      [ordered]@{
        totalBytes = [long] $system.TotalVisibleMemorySize * 1024
        availableBytes = [long] $system.FreePhysicalMemory * 1024
      }
    }
    'disks' { Get-Disks }
    'listeningPorts' { Get-ListeningPorts }
    'packages' { Get-Packages }
    'uptimeSeconds' { [long] [Math]::Floor(((Get-Date) - (Get-System).LastBootUpTime).TotalSeconds) }
  }
}

# As uname says it on Linux. A 32-bit process is told its own architecture, and the machine's beside it.
function Get-Architecture {
  $machine = $env:PROCESSOR_ARCHITECTURE
  if ($env:PROCESSOR_ARCHITEW6432) { $machine = $env:PROCESSOR_ARCHITEW6432 }
  switch ($machine) {
    'AMD64' { 'x86_64' }
    'ARM64' { 'aarch64' }
    'x86' { 'i686' }
    default { $machine.ToLowerInvariant() }
  }
}

# Local disks only: drive type 3. What is shared from elsewhere is a fact of another host.
function Get-Disks {
  Get-CimInstance -ClassName Win32_LogicalDisk -Filter 'DriveType = 3' |
    Where-Object { $_.Size -gt 0 } |
    Sort-Object -Property DeviceID |
    ForEach-Object {
      [ordered]@{
        mount = $_.DeviceID + '\'
        sizeBytes = [long] $_.Size
        usedBytes = [long] ($_.Size - $_.FreeSpace)
      }
    }
}

# .NET's table, because the NetTCPIP module takes seconds to load. A UDP port that is open listens.
function Get-ListeningPorts {
  $properties = [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
  $tables = [ordered]@{
    tcp = $properties.GetActiveTcpListeners()
    udp = $properties.GetActiveUdpListeners()
  }
  foreach ($protocol in $tables.Keys) {
    $tables[$protocol] | ForEach-Object { $_.Port } | Sort-Object -Unique |
      ForEach-Object { [ordered]@{ protocol = $protocol; port = $_ } }
  }
}

# What "Apps and features" lists, 32-bit programs included. Win32_Product would start to repair each of them.
function Get-Packages {
  $keys = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*',
    'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\*'
  Get-ItemProperty -Path $keys -ErrorAction SilentlyContinue |
    Where-Object { $_.PSObject.Properties['DisplayName'] -and $_.DisplayName } |
    ForEach-Object {
      $number = ''
      if ($_.PSObject.Properties['DisplayVersion']) { $number = [string] $_.DisplayVersion }
      [PSCustomObject] [ordered]@{ name = [string] $_.DisplayName; version = $number }
    } |
    Sort-Object -Property @('name', 'version') -Unique
}

function Stop-WithUsage([string] $kind, [string] $found, [string] $expected) {
  [Console]::Error.WriteLine("fleet-facts: unknown $kind ""$found""; expected one of: $expected")
  exit 2
}

if ($Help) {
  'Usage: fleet-facts.ps1 [-Help] [-Version] [FACT...]'
  'Prints facts about this host as one JSON object; without a FACT, all that the host can tell.'
  "Facts: $($facts -join ' ')"
  exit 0
}
if ($Version) {
  'fleet-facts 1.0.0'
  exit 0
}

foreach ($each in $Wanted) {
  if ($each -clike '-*') { Stop-WithUsage 'option' $each '-Help -Version' }
  if ($facts -cnotcontains $each) { Stop-WithUsage 'fact' $each ($facts -join ' ') }
}

$lists = 'disks', 'listeningPorts', 'packages'
$told = [ordered]@{}
foreach ($fact in $facts) {
  if ($Wanted -and $Wanted -cnotcontains $fact) { continue }
  try {
    if ($lists -ccontains $fact) {
      # A list stays a list where it has one element. No open port is a fact, no disk is none.
      $list = @(Get-Fact $fact)
      if ($list.Count -gt 0 -or $fact -eq 'listeningPorts') { $told[$fact] = $list }
    } else {
      $value = Get-Fact $fact
      if ($value) { $told[$fact] = $value }
    }
  } catch {
    # What this host cannot tell is left out, as on Linux.
    continue
  }
}

# Names of programs come in all languages; the console's own encoding would garble them.
try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch { Write-Verbose 'no console' }
ConvertTo-Json -InputObject $told -Depth 4 -Compress
