import { shellWord } from "../lib/shell-word.js";
import { placedPaths } from "./placed-paths.js";
import type { ReadVariant } from "./variant.js";

/** The scripts of a variant for Linux, by file name; the agent runs them with `sh` as root, in their folder. */
export function shellScripts(read: ReadVariant): Map<string, string> {
  return new Map([
    ["install.sh", install(read)],
    ["uninstall.sh", uninstall(read)],
    ["validate.sh", validate(read)],
  ]);
}

/** Where a package's installation is on record: what it was given, and what it placed. For root's eyes only. */
const records = "/var/lib/fleet/packages";

/** The agent takes this exit code for success and restarts the host. */
const reboot = 194;

function install({ variant, files }: ReadVariant): string {
  return script(
    variant,
    'rm -rf "$record"',
    ...given(variant),
    "given=$(given) || exit",
    ...exported(variant),
    // A subshell, so that an exit in the line does not end this script. Not in a condition, where -e would not hold.
    "set +e",
    "(",
    "set -eu",
    variant.install,
    ")",
    "status=$?",
    "set -e",
    `[ "$status" -eq 0 ] || [ "$status" -eq ${reboot} ] || exit "$status"`,
    ...placed({ variant, files }),
    'mkdir -p "$record"',
    `chmod 0700 ${records} "$record"`,
    `printf '%s\\n' "$given" >"$record/given"`,
    'placed >"$record/files"',
    'kept >"$record/paths"',
    'chmod 0600 "$record"/*',
    'exit "$status"',
  );
}

function uninstall({ variant }: ReadVariant): string {
  return script(variant, 'rm -rf "$record"', variant.uninstall);
}

function validate({ variant }: ReadVariant): string {
  const unchanged = [
    'if [ -s "$record/files" ] && ! sha256sum -c "$record/files" >/dev/null 2>&1; then',
    '  fail "files that it installed are gone or changed"',
    "fi",
    "while IFS= read -r path; do",
    '  [ -e "$path" ] || fail "$path, which it installed, is gone"',
    'done <"$record/paths"',
  ];
  return script(
    variant,
    ...given(variant),
    '[ -f "$record/given" ] || fail "no installation is on record"',
    "given=$(given) || exit",
    '[ "$given" = "$(cat "$record/given")" ] || fail "arguments or secrets changed since it was installed"',
    ...(variant.validate === undefined ? unchanged : [variant.validate]),
  );
}

const script = ({ name }: ReadVariant["variant"], ...lines: readonly string[]): string =>
  [
    "#!/bin/sh",
    "set -eu",
    `record=${records}/${name}`,
    `fail() { printf 'fleet: ${name}: %s\\n' "$1" >&2; exit 1; }`,
    ...lines,
    "",
  ].join("\n");

/**
 * Defines `given`: the package, a digest of the arguments, which the agent passes as variables SSM_…, and the versions
 * of the secrets. It reveals no secret.
 */
function given({ name, secrets = {} }: ReadVariant["variant"]): string[] {
  const parameters = Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1));
  const versions = parameters.flatMap(([variable, parameter]) => [
    `  version=$(parameter ${variable} ${parameter} --query Parameter.Version) || exit`,
    `  printf 'secret %s %s %s\\n' ${variable} ${parameter} "$version"`,
  ]);
  return [
    ...(parameters.length > 0 ? parameterFunction : []),
    "given() {",
    `  echo 'package ${name}'`,
    "  names=$(env | sed -n 's/^\\(SSM_[A-Za-z0-9_]*\\)=.*/\\1/p' | LC_ALL=C sort -u)",
    "  printf 'arguments %s\\n' \"$(for name in $names; do",
    `    eval "printf '%s=%s\\n' \\"\\$name\\" \\"\\\${$name-}\\""`,
    "  done | sha256sum | cut -d ' ' -f 1)\"",
    ...versions,
    "}",
  ];
}

/** Reads a parameter of the host's Region with the host's role. Errors of `aws` do not all name the parameter. */
const parameterFunction = [
  "parameter() {",
  '  variable=$1 name=$2; shift 2; why="secret $variable, parameter $name"',
  '  AWS_DEFAULT_REGION=$AWS_SSM_REGION_NAME aws ssm get-parameter --name "$name" "$@" --output text || {',
  '    [ $? -ne 127 ] || fail "$why: there is no aws command to read it with; install the AWS CLI"',
  '    fail "$why: could not be read in $AWS_SSM_REGION_NAME; it must exist there, and the role of the host must be allowed to read it"',
  "  }",
  "}",
];

/** Only `install` gets them: what takes software away must not depend on a secret that may be gone. */
const exported = ({ secrets = {} }: ReadVariant["variant"]): string[] =>
  Object.entries(secrets).flatMap(([variable, parameter]) => [
    `${variable}=$(parameter ${variable} ${parameter} --with-decryption --query Parameter.Value) || exit`,
    `export ${variable}`,
  ]);

/**
 * Defines `placed`: files of the package where the lines name a path, with their digests; and `kept`: whatever else
 * there is of what `uninstall` takes away, of which only the existence counts, because programs write to their files.
 */
function placed({ variant, files }: ReadVariant): string[] {
  const { named, takenAway } = placedPaths(variant);
  const names = [...files.keys()].map(shellWord).join(" ");
  return [
    "placed() {",
    `  for path in ${named.map(shellWord).join(" ")}; do`,
    `    for file in ${names}; do`,
    '      for at in "$path/$file" "$path/${file##*/}"; do',
    '        [ ! -f "$at" ] || sha256sum "$at"',
    "      done",
    '      [ ! -f "$path" ] || [ "$(sha256sum <"$file")" != "$(sha256sum <"$path")" ] || sha256sum "$path"',
    "    done",
    "  done",
    "}",
    "kept() {",
    `  for path in ${takenAway.map(shellWord).join(" ")}; do`,
    `    [ ! -e "$path" ] || printf '%s\\n' "$path"`,
    "  done",
    "}",
  ];
}
