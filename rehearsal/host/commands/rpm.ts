import type { Command } from "just-bash";
import { machineName } from "../layout.js";
import type { CommandHost } from "./command.js";
import { command, fail, succeed, notRehearsed } from "./command.js";

interface Package {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  /** `noarch`, or the host's own. */
  readonly noarch?: true;
}

/** Some of the packages of the Amazon Linux 2023 image, enough for a script that lists or asks for them. */
const INSTALLED: readonly Package[] = [
  { name: "amazon-ssm-agent", version: "3.3.1345.0", release: "1.amzn2023" },
  { name: "bash", version: "5.2.15", release: "1.amzn2023.0.2" },
  { name: "chrony", version: "4.3", release: "1.amzn2023.0.4" },
  { name: "coreutils", version: "8.32", release: "30.amzn2023.0.3" },
  { name: "curl-minimal", version: "8.5.0", release: "1.amzn2023.0.4" },
  { name: "dnf", version: "4.14.0", release: "1.amzn2023.0.5", noarch: true },
  { name: "glibc", version: "2.34", release: "117.amzn2023.0.1" },
  { name: "openssl", version: "3.0.8", release: "1.amzn2023.0.18" },
  { name: "python3", version: "3.9.20", release: "1.amzn2023.0.2" },
  { name: "rpm", version: "4.16.1.3", release: "29.amzn2023.0.6" },
  { name: "sed", version: "4.8", release: "7.amzn2023.0.2" },
  { name: "systemd", version: "252.23", release: "3.amzn2023" },
  { name: "system-release", version: "2023.6.20241212", release: "0.amzn2023", noarch: true },
  { name: "unzip", version: "6.0", release: "57.amzn2023.0.2" },
];

const DEFAULT_FORMAT = "%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\n";

/** `rpm -q` and `rpm -qa`, with `--qf`; everything else is not modelled. */
export function rpm(host: CommandHost): Command {
  return command("rpm", (args) => {
    const rest = [...args];
    const names: string[] = [];
    let [query, all, format] = [false, false, DEFAULT_FORMAT];
    for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
      const inline = /^--(?:qf|queryformat)=(.*)$/s.exec(arg)?.[1];
      if (inline !== undefined) format = inline;
      else if (arg === "--qf" || arg === "--queryformat") format = rest.shift() ?? "";
      else if (arg === "--query") query = true;
      else if (arg === "--all") all = true;
      else if (/^-[qa]+$/.test(arg))
        [query, all] = [query || arg.includes("q"), all || arg.includes("a")];
      else if (arg.startsWith("-")) return notRehearsed(host, `rpm ${arg}`);
      else names.push(arg);
    }
    if (!query) return notRehearsed(host, `rpm ${args.join(" ")}`.trim());
    if (all)
      return succeed(
        matching(names)
          .map((installed) => show(installed, format, host))
          .join(""),
      );
    const missing = names.filter((name) => !INSTALLED.some((installed) => installed.name === name));
    const found = INSTALLED.filter(({ name }) => names.includes(name));
    const lines = found.map((installed) => show(installed, format, host)).join("");
    // rpm reports what is not installed on its standard output and fails with the number of such names.
    const reports = missing.map((name) => `package ${name} is not installed\n`).join("");
    if (names.length === 0) return fail("rpm: no arguments given for query");
    return { stdout: lines + reports, stderr: "", exitCode: missing.length };
  });
}

function matching(patterns: readonly string[]): readonly Package[] {
  if (patterns.length === 0) return INSTALLED;
  const tests = patterns.map(
    (text) =>
      new RegExp(
        `^${text
          .replaceAll(/[.+^$()|[\]\\]/g, "\\$&")
          .replaceAll("*", ".*")
          .replaceAll("?", ".")}$`,
      ),
  );
  return INSTALLED.filter(({ name }) => tests.some((test) => test.test(name)));
}

/** Fills in a query format: `%{TAG}`, `%-20{TAG}`, `%|TAG?{there}:{not there}|`. Source: rpm-queryformat(7). */
function show(installed: Package, format: string, { facts }: CommandHost): string {
  const tags: Readonly<Record<string, string | undefined>> = {
    NAME: installed.name,
    VERSION: installed.version,
    RELEASE: installed.release,
    ARCH: installed.noarch === true ? "noarch" : machineName(facts.os),
    VENDOR: "Amazon Linux",
  };
  return format
    .replaceAll(
      /%\|(\w+)\?\{((?:%\{\w+\}|[^{}])*)\}(?::\{((?:%\{\w+\}|[^{}])*)\})?\|/g,
      (_, tag: string, present: string, missing: string | undefined) =>
        tags[tag] === undefined ? (missing ?? "") : present,
    )
    .replaceAll(/%(-?\d*)\{(\w+)\}/g, (_, width: string, tag: string) => {
      const value = tags[tag.toUpperCase()] ?? "(none)";
      return width.startsWith("-")
        ? value.padEnd(Number(width.slice(1)))
        : value.padStart(Number(width));
    })
    .replaceAll("\\n", "\n")
    .replaceAll("\\t", "\t");
}
