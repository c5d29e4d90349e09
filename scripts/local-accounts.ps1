# A host's own accounts and who of them may administer it, a JSON object for each.
# @parameter All default=no pattern=yes|no Whether to list those that cannot log in as well.
# @field name The account.
# @field login Whether it can log in.
# @field administrator Whether it may administer the host.
# @field groups What it is a member of.
$ErrorActionPreference = 'Stop'

# By security id: the names of groups differ by language. S-1-5-32-544 is Administrators in all of them.
$administrators = 'S-1-5-32-544'
$groupsOf = @{}
foreach ($group in Get-LocalGroup) {
  # Members that a directory no longer knows make the cmdlet fail; ADSI lists them all.
  $members = ([ADSI] "WinNT://./$($group.Name),group").psbase.Invoke('Members')
  foreach ($member in $members) {
    $path = $member.GetType().InvokeMember('ADsPath', 'GetProperty', $null, $member, $null)
    # Accounts of a directory, which may have the same names, have no computer in their path.
    if ($path -like "*/$env:COMPUTERNAME/*") { $groupsOf[$path.Split('/')[-1]] += @($group) }
  }
}

Get-LocalUser | Sort-Object -Property Name | ForEach-Object {
  if (-not $_.Enabled -and $env:SSM_All -ne 'yes') { return }
  $groups = @($groupsOf[$_.Name] | Where-Object { $_ })
  $account = [ordered]@{
    name = $_.Name
    login = [bool] $_.Enabled
    administrator = @($groups | Where-Object { $_.SID.Value -eq $administrators }).Count -gt 0
    groups = @($groups | ForEach-Object { $_.Name } | Sort-Object)
  }
  ConvertTo-Json -Compress -InputObject $account
}
