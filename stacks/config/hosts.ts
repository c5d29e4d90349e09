import * as z from "zod";
import { skip } from "../../components/bootstrap/bootstrap-tags.js";
import type { Platform } from "../../components/hosts/host-image.js";
import {
  defaultInstanceType,
  imageProblem,
  instanceTypeProblem,
  platforms,
} from "../../components/hosts/host-image.js";
import { maxTagLength } from "../../components/hosts/managed-host.js";
import { shown } from "../../lib/problem.js";
import { didYouMean } from "../../lib/did-you-mean.js";
import type { ConfigProblem } from "./error.js";
import {
  asExactText,
  eachOnce,
  expected,
  line,
  numeric,
  oneOf,
  optional,
  take,
  text,
  trimmed,
  truth,
} from "./fields.js";
import { unknownFields } from "./unknown-fields.js";

/** One host to launch in a member account. */
export type HostConfig = z.output<typeof hostSchema> & {
  readonly instanceType: string;
  readonly cloudwatch: string;
};

const key = "fleet:hosts";

/** GiB of the images' own root volumes, below which EC2 refuses a volume. */
const minVolumeGib: Readonly<Record<Platform, number>> = { linux: 8, windows: 30 };
/** GiB up to which every volume type and every boot mode goes. */
const maxVolumeGib = 2048;

const packageNames = z
  .array(text(/^[A-Za-z0-9_.-]+$/, "the name of a package"), expected("a list of package names"))
  .superRefine(eachOnce("package"))
  .refine((names) => JSON.stringify(names).length <= maxTagLength, {
    error: `expected a list of at most ${maxTagLength} characters as JSON, which is what a tag holds`,
  });

/** `AWS-ConfigureAWSPackage` takes no other names: they become environment variables. */
const variable = z.string().regex(/^SSM_[A-Z0-9_]+$/);

const packageArguments = z
  .record(
    z.string(),
    z.record(
      variable,
      asExactText(z.string(expected("text", "write it in quotes"))),
      expected("names that begin with SSM_, in capitals, each with text"),
    ),
    expected("an object by package name"),
  )
  .refine((all) => JSON.stringify(all).length <= maxTagLength, {
    error: `expected at most ${maxTagLength} characters as JSON, which is what a tag holds; give long values as a file of the package`,
  });

const hostSchema = z.object(
  {
    platform: oneOf(platforms),
    instanceType: optional(line("an EC2 instance type")),
    image: optional(
      text(
        /^\/aws\/service\/[\w./-]+$/,
        "a public parameter that names an image",
        "/aws/service/…",
      ),
    ),
    packages: packageNames.default([]),
    cloudwatch: optional(
      text(
        /^[A-Za-z0-9_.-]{1,128}$/,
        "the name of a CloudWatch configuration",
        `without /cloudwatch/config/, or ${skip}`,
      ),
    ),
    enabled: truth.default(true),
    subnet: optional(trimmed("the Name tag or id of a private subnet")),
    arguments: packageArguments.default({}),
    hostname: optional(line("a host name")),
    domain: optional(text(/^d-[0-9a-f]{10}$/, "the id of a directory", "d- and ten digits or a-f")),
    vss: truth.default(false),
    volumeSizeGiB: numeric(z.int(expected("a whole number of GiB"))).optional(),
  },
  expected("an object"),
);

/** Reads `fleet:hosts`: an object per host, by the host's name. */
export function takeHosts(
  entries: Readonly<Record<string, unknown>>,
  /** The names of the CloudWatch agent's configurations that the stack makes. */
  cloudWatchNames: readonly string[],
  problems: ConfigProblem[],
): Readonly<Record<string, HostConfig>> {
  const hostnames = new Map<string, string>();
  const taken = Object.entries(entries).flatMap(([name, host]) => {
    const at = `${key}.${name}`;
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
      const reason = `expected a name of 1-32 letters a-z, digits or -, beginning with a letter`;
      problems.push({ key: at, reason });
    }
    problems.push(...unknownFields(at, host, Object.keys(hostSchema.shape)));
    const fields = take(at, host, hostSchema, problems);
    if (!fields) return [];
    const { platform } = fields;
    const whole: HostConfig = {
      ...fields,
      instanceType: fields.instanceType ?? defaultInstanceType[platform],
      cloudwatch: fields.cloudwatch ?? platform,
    };
    problems.push(...conflicts(at, whole, cloudWatchNames));
    problems.push(...sameHostname(at, whole.hostname, hostnames));
    return [[name, whole] as const];
  });
  return Object.fromEntries(taken);
}

/** What of a host's fields does not go together. */
function conflicts(
  at: string,
  host: HostConfig,
  cloudWatchNames: readonly string[],
): ConfigProblem[] {
  const { platform, packages, cloudwatch, hostname, domain, vss, volumeSizeGiB } = host;
  const windows = platform === "windows";
  const found: Readonly<Record<string, string | undefined>> = {
    instanceType: instanceTypeProblem(host),
    image: imageProblem(host),
    cloudwatch: cloudWatchProblem(cloudwatch, cloudWatchNames),
    hostname: hostname === undefined ? undefined : hostnameProblem(platform, hostname),
    domain:
      domain === undefined || windows
        ? undefined
        : `expected only for a Windows host, got "${domain}"; the bootstrap joins no Linux host`,
    vss: vss && !windows ? "expected only for a Windows host; Linux has no VSS" : undefined,
    volumeSizeGiB: volumeProblem(platform, volumeSizeGiB),
  };
  const problems = Object.entries(found).flatMap(([field, reason]) =>
    reason === undefined ? [] : [{ key: `${at}.${field}`, reason }],
  );
  for (const name of Object.keys(host.arguments)) {
    if (packages.includes(name)) continue;
    const reason = `expected one of the host's packages (${packages.join(", ") || "none"}), got "${name}"`;
    problems.push({ key: `${at}.arguments`, reason });
  }
  return problems;
}

/** Only what the stack makes has its log groups made, encrypted, and allowed to the host's role. */
function cloudWatchProblem(name: string, known: readonly string[]): string | undefined {
  if (name === skip || known.includes(name)) return undefined;
  return `expected one of ${known.join(", ")}, or ${skip}, got "${name}"${didYouMean(name, known) || "; add it to fleet:cloudwatchConfigs"}`;
}

/** Windows: a NetBIOS name. Linux: a label of a domain name. */
function hostnameProblem(platform: Platform, hostname: string): string | undefined {
  const longest = platform === "windows" ? 15 : 63;
  const sound = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(hostname);
  if (sound && hostname.length <= longest && !/^\d+$/.test(hostname)) return undefined;
  return `expected 1-${longest} letters, digits or -, not only digits and no - at an end, got "${hostname}"`;
}

/** Two hosts of one name cannot both be found, and the second cannot join a domain. */
function sameHostname(
  at: string,
  hostname: string | undefined,
  taken: Map<string, string>,
): ConfigProblem[] {
  if (hostname === undefined) return [];
  const first = taken.get(hostname.toLowerCase());
  taken.set(hostname.toLowerCase(), first ?? at);
  if (first === undefined) return [];
  const reason = `expected each name once, got "${hostname}" again, after ${first}`;
  return [{ key: `${at}.hostname`, reason }];
}

function volumeProblem(platform: Platform, size: number | undefined): string | undefined {
  const smallest = minVolumeGib[platform];
  if (size === undefined || (size >= smallest && size <= maxVolumeGib)) return undefined;
  return `expected ${smallest}-${maxVolumeGib} GiB for ${platform}, got ${shown(size)}`;
}
