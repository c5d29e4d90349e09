import { placedPaths } from "./placed-paths.js";
import type { ReadVariant, Variant } from "./variant.js";

/**
 * The scripts of a variant for Windows, by file name; the agent runs them with Windows PowerShell as SYSTEM, in their
 * folder. `install-line.ps1` is the line alone: an `exit` in it ends that file only, and `install.ps1` goes on.
 *
 * Each begins with a byte order mark, because Windows PowerShell 5.1 reads a file without one in the code page of the
 * host and garbles all that is not ASCII; and has CRLF, because Notepad of Windows Server 2016 and earlier shows one long
 * line otherwise.
 */
export function powershellScripts(read: ReadVariant): Map<string, string> {
  const { variant } = read;
  const scripts: [string, string[]][] = [
    ["install.ps1", install(read)],
    ["install-line.ps1", [variant.install]],
    ["uninstall.ps1", uninstall(variant)],
    ["validate.ps1", validate(variant)],
  ];
  return new Map(scripts.map(([name, lines]) => [name, `\uFEFF${[...lines, ""].join("\r\n")}`]));
}

/** The agent takes this exit code for success and restarts the host. */
const reboot = 3010;

function install({ variant, files }: ReadVariant): string[] {
  return script(
    variant,
    [...given(variant), ...placed(variant, [...files.keys()])],
    ...removeRecord,
    "$given = Get-Given",
    ...exported(variant),
    "$global:LASTEXITCODE = 0",
    '& "$PSScriptRoot\\install-line.ps1"',
    "$code = $LASTEXITCODE",
    `if ($code -ne 0 -and $code -ne ${reboot}) { throw "install ended with exit code $code" }`,
    "New-Item -ItemType Directory -Force -Path $record | Out-Null",
    // The SIDs of SYSTEM and of the administrators: their names are in the language of the host.
    "icacls $record /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null",
    'if ($LASTEXITCODE -ne 0) { throw "icacls could not close $record" }',
    'Write-Lines "$record\\given" $given',
    'Write-Lines "$record\\files" (Get-Placed)',
    'Write-Lines "$record\\paths" (Get-Kept)',
    "exit $code",
  );
}

const uninstall = (variant: Variant): string[] =>
  script(variant, [], ...removeRecord, ...line(variant.uninstall));

const validate = (variant: Variant): string[] =>
  script(
    variant,
    given(variant),
    'if (-not (Test-Path -LiteralPath "$record\\given")) { throw "no installation is on record" }',
    "$before = [System.IO.File]::ReadAllLines(\"$record\\given\") -join '|'",
    "if (((Get-Given) -join '|') -cne $before) { throw \"arguments or secrets changed since it was installed\" }",
    ...(variant.validate === undefined ? unchanged : line(variant.validate)),
  );

/** Whatever goes wrong is one line of text and an exit code: an error alone would not reach the agent's `exit $LASTEXITCODE`. */
const script = (
  { name }: Variant,
  functions: readonly string[],
  ...lines: readonly string[]
): string[] => [
  "$ErrorActionPreference = 'Stop'",
  `$record = "$env:ProgramData\\fleet\\packages\\${name}"`,
  ...functions,
  "try {",
  ...lines.map((text) => `  ${text}`),
  "} catch {",
  `  [Console]::Error.WriteLine("fleet: ${name}: $_")`,
  "  exit 1",
  "}",
];

const removeRecord = [
  "if (Test-Path -LiteralPath $record) { Remove-Item -Recurse -Force -LiteralPath $record }",
];

/** PowerShell goes on after a program that failed, and would report success. */
const line = (text: string): string[] => ["$global:LASTEXITCODE = 0", text, "exit $LASTEXITCODE"];

/** Defines `Get-Given`: the package, a digest of the arguments and the versions of the secrets, as the script for Linux does. */
function given({ name, secrets = {} }: Variant): string[] {
  const parameters = Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1));
  const versions = parameters.map(
    ([variable, parameter]) =>
      `  "secret ${variable} ${parameter} " + (Read-Parameter '${variable}' '${parameter}' $false).Version`,
  );
  return [
    ...(parameters.length > 0 ? readParameter : []),
    "function Get-Given {",
    `  'package ${name}'`,
    "  [string[]] $arguments = @(Get-ChildItem Env: | Where-Object { $_.Name -like 'SSM_*' } | ForEach-Object { $_.Name + '=' + $_.Value })",
    "  [Array]::Sort($arguments, [StringComparer]::Ordinal)",
    '  $bytes = [System.Text.Encoding]::UTF8.GetBytes($arguments -join "`n")',
    // The managed class of the same name refuses to work where Windows enforces FIPS.
    "  $hash = (New-Object System.Security.Cryptography.SHA256CryptoServiceProvider).ComputeHash($bytes)",
    "  'arguments ' + [System.BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant()",
    ...versions,
    "}",
  ];
}

const readParameter = [
  "function Read-Parameter([string] $variable, [string] $name, [bool] $decrypted) {",
  '  $why = "secret $variable, parameter $name"',
  "  if (-not (Get-Command Get-SSMParameter -ErrorAction SilentlyContinue)) {",
  '    throw "${why}: there is no Get-SSMParameter to read it with; install AWS Tools for PowerShell"',
  "  }",
  "  try {",
  "    Get-SSMParameter -Name $name -WithDecryption $decrypted -Region $env:AWS_SSM_REGION_NAME",
  "  } catch {",
  '    throw "${why}: could not be read in $env:AWS_SSM_REGION_NAME; it must exist there, and the role of the host must be allowed to read it: $_"',
  "  }",
  "}",
];

const exported = ({ secrets = {} }: Variant): string[] =>
  Object.entries(secrets).map(
    ([variable, parameter]) =>
      `$env:${variable} = (Read-Parameter '${variable}' '${parameter}' $true).Value`,
  );

/** Defines `Get-Placed` and `Get-Kept`, which mean what `placed` and `kept` of the script for Linux do. */
function placed(variant: Variant, files: readonly string[]): string[] {
  const { named, takenAway } = placedPaths(variant);
  return [
    "function Write-Lines([string] $path, $lines) { [System.IO.File]::WriteAllLines($path, [string[]] @($lines | Where-Object { $_ })) }",
    "function Get-Sha256([string] $path) { (Get-FileHash -Algorithm SHA256 -LiteralPath $path).Hash }",
    "function Get-Placed {",
    `  foreach ($path in @(${named.map(filled).join(", ")})) {`,
    `    foreach ($file in @(${files.map(literal).join(", ")})) {`,
    '      foreach ($at in @("$path\\$file", "$path\\$(Split-Path -Leaf $file)")) {',
    "        if (Test-Path -LiteralPath $at -PathType Leaf) { (Get-Sha256 $at) + ' ' + $at }",
    "      }",
    '      if ((Test-Path -LiteralPath $path -PathType Leaf) -and (Get-Sha256 $path) -eq (Get-Sha256 "$PSScriptRoot\\$file")) {',
    "        (Get-Sha256 $path) + ' ' + $path",
    "      }",
    "    }",
    "  }",
    "}",
    "function Get-Kept {",
    `  foreach ($path in @(${takenAway.map(filled).join(", ")})) { if (Test-Path -LiteralPath $path) { $path } }`,
    "}",
  ];
}

const unchanged = [
  'foreach ($entry in [System.IO.File]::ReadAllLines("$record\\files")) {',
  "  $sum, $path = $entry -split ' ', 2",
  '  if (-not (Test-Path -LiteralPath $path -PathType Leaf)) { throw "$path, which it installed, is gone" }',
  '  if ((Get-FileHash -Algorithm SHA256 -LiteralPath $path).Hash -ne $sum) { throw "$path, which it installed, changed" }',
  "}",
  'foreach ($path in [System.IO.File]::ReadAllLines("$record\\paths")) {',
  '  if (-not (Test-Path -LiteralPath $path)) { throw "$path, which it installed, is gone" }',
  "}",
  "exit 0",
];

const literal = (text: string): string => `'${text.replaceAll("/", "\\").replaceAll("'", "''")}'`;

/** With the variables of the environment that begin it filled in; nothing else in a path is special there. */
const filled = (path: string): string => `"${path}"`;
