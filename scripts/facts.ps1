# Facts about a host as one JSON object: hosts that are alike give the same answer.
# @parameter Identity default=no pattern=yes|no Whether to add its name and how long it is up, by which each host differs.
# @field os The system, as it calls itself.
# @field osVersion Its version.
# @field kernel The release of its kernel.
# @field architecture The processor.
# @field processors How many there are.
# @field memoryMiB The memory, in MiB.
# @field hostname With Identity: its name.
# @field uptimeSeconds With Identity: how long it is up, in seconds.
$ErrorActionPreference = 'Stop'

$system = Get-CimInstance -ClassName Win32_OperatingSystem
# As uname says it on Linux.
$architecture = switch ($env:PROCESSOR_ARCHITECTURE) {
  'AMD64' { 'x86_64' }
  'ARM64' { 'aarch64' }
  default { $_.ToLowerInvariant() }
}
$facts = [ordered]@{
  os = 'windows'
  osVersion = $system.Version
  kernel = [Environment]::OSVersion.Version.ToString()
  architecture = $architecture
  processors = [Environment]::ProcessorCount
  memoryMiB = [long] [Math]::Floor($system.TotalVisibleMemorySize / 1024)
}
if ($env:SSM_Identity -eq 'yes') {
  $facts.hostname = [System.Net.Dns]::GetHostName()
  $facts.uptimeSeconds = [long] [Math]::Floor(((Get-Date) - $system.LastBootUpTime).TotalSeconds)
}
ConvertTo-Json -Compress -InputObject $facts
