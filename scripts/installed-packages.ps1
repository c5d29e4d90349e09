# The packages that are installed on a host, a JSON object for each, by name.
# @parameter Name default="*" pattern=[A-Za-z0-9.*?+_:-]+ Which of them: a name, in which * and ? stand for any letters.
# @field name The package.
# @field version Its version.
# @field architecture What processor it is for.
$ErrorActionPreference = 'Stop'

# What Programs and Features shows, of both architectures. Win32_Product would have each package repaired.
$places = [ordered]@{
  'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*' = 'x86_64'
  'HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\*' = 'i686'
}
$found = foreach ($place in $places.Keys) {
  Get-ItemProperty -Path $place -ErrorAction SilentlyContinue |
    Where-Object { $_.PSObject.Properties['DisplayName'] -and $_.DisplayName -like $env:SSM_Name } |
    ForEach-Object {
      [pscustomobject][ordered]@{
        name = [string] $_.DisplayName
        version = if ($_.PSObject.Properties['DisplayVersion']) { [string] $_.DisplayVersion } else { '' }
        architecture = $places[$place]
      }
    }
}
$found |
  Sort-Object -Unique -Property 'name', 'version', 'architecture' |
  ForEach-Object { ConvertTo-Json -Compress -InputObject $_ }
