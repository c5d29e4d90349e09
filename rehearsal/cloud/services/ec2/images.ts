import { createHash } from "node:crypto";
import type { OperatingSystem } from "../../../kernel/instance.js";

/** What a public parameter says about the image that it names. */
interface Described {
  readonly os: Omit<OperatingSystem, "architecture">;
  /** The platform that the host is rehearsed as, where the content of the image is not known here. */
  readonly assumed?: string;
}

/** Public parameters that name the newest images of an operating system. */
interface ImageFamily {
  readonly parameter: RegExp;
  /** By what the expression caught; undefined: AWS has no such image. */
  readonly describe: (caught: readonly string[]) => Described | undefined;
}

const linux = (platformName: string, platformVersion: string): Described => ({
  os: { platformType: "Linux", platformName, platformVersion },
});
const AMAZON_LINUX = linux("Amazon Linux", "2023");

/** Releases by their code names. Sources: Ubuntu's and Debian's lists of releases. */
const CODE_NAMES: Readonly<Record<string, string>> = {
  focal: "20.04",
  jammy: "22.04",
  noble: "24.04",
  bullseye: "11",
  bookworm: "12",
  trixie: "13",
};

/** The version that Windows says of itself, by release. Source: Microsoft, "Windows Server release information". */
const WINDOWS: Readonly<Record<string, string>> = {
  2016: "10.0.14393",
  2019: "10.0.17763",
  2022: "10.0.20348",
  2025: "10.0.26100",
};

/**
 * Sources: EC2 user guide, "Reference the latest AMIs using Systems Manager public parameters"; Systems Manager user guide,
 * "Calling AMI public parameters"; the publishers' own pages. Platform names as in SSM's DescribeInstanceInformation.
 */
const FAMILIES: readonly ImageFamily[] = [
  {
    parameter:
      /^\/aws\/service\/ami-amazon-linux-latest\/al2023-ami(?:-minimal)?-kernel-(?:default|[\d.]+)-(?:x86_64|arm64)$/,
    describe: () => AMAZON_LINUX,
  },
  {
    parameter:
      /^\/aws\/service\/ami-amazon-linux-latest\/amzn2-ami-(?:minimal-)?(?:kernel-5\.10-)?hvm-(?:x86_64|arm64)(?:-gp2|-ebs)?$/,
    describe: () => linux("Amazon Linux", "2"),
  },
  {
    parameter:
      /^\/aws\/service\/ami-windows-latest\/(?:(?:TPM|BIOS)-)?Windows_Server-(\d{4})-[A-Z][A-Za-z_]+-(?:Full|Core)-[\w.-]+$/,
    describe: ([release = ""]) => {
      const platformVersion = WINDOWS[release];
      if (platformVersion === undefined) return undefined;
      const platformName = `Microsoft Windows Server ${release} Datacenter`;
      return { os: { platformType: "Windows", platformName, platformVersion } };
    },
  },
  {
    parameter:
      /^\/aws\/service\/canonical\/ubuntu\/[a-z-]+\/([\d.]+|[a-z]+)\/stable\/[\w.]+\/(?:amd64|arm64)\/hvm\/[\w-]+\/ami-id$/,
    describe: ([release = ""]) => linux("Ubuntu", CODE_NAMES[release] ?? release),
  },
  {
    parameter: /^\/aws\/service\/debian\/[a-z-]+\/([\d.]+|[a-z]+)\/[\w.-]+\/(?:amd64|arm64)$/,
    describe: ([release = ""]) => linux("Debian", CODE_NAMES[release] ?? release),
  },
  {
    parameter: /^\/aws\/service\/suse\/sles\/(\d+)(?:-sp(\d+))?\/(?:x86_64|arm64)\/\S+$/,
    describe: ([major = "", pack]) =>
      linux("SUSE Linux Enterprise Server", pack === undefined ? major : `${major}.${pack}`),
  },
  // Publishers change these parameters every month, so such an image is assumed to exist.
  {
    parameter: /^\/aws\/service\/(?:ecs|eks|deeplearning|marketplace|bottlerocket|redhat)\/\S+$/,
    describe: () => ({ ...AMAZON_LINUX, assumed: "Amazon Linux 2023" }),
  },
];

export interface Image {
  readonly os: OperatingSystem;
  readonly region: string;
  /** The public parameter that names it. */
  readonly parameter: string;
  /** The platform that its hosts are rehearsed as, where its content is not known here. */
  readonly assumed?: string;
}

const images = new Map<string, Image>();

/** The id of the newest image that a public parameter names, the same in every run; undefined where there is none. */
export function imageOfParameter(parameter: string, region: string): string | undefined {
  const described = describe(parameter);
  if (described === undefined) return undefined;
  const digest = createHash("sha256").update(`${region} ${parameter}`).digest("hex");
  const id = `ami-0${digest.slice(0, 16)}`;
  const architecture = parameter.includes("arm64") ? "arm64" : "x86_64";
  images.set(id, { ...described, os: { ...described.os, architecture }, region, parameter });
  return id;
}

function describe(parameter: string): Described | undefined {
  for (const family of FAMILIES) {
    const caught = family.parameter.exec(parameter);
    if (caught !== null) return family.describe(caught.slice(1));
  }
  return undefined;
}

/** An image; undefined where no public parameter of the Region named it yet. */
export function imageOf(imageId: string, region: string): Image | undefined {
  const image = images.get(imageId);
  return image?.region === region ? image : undefined;
}

/** The image that the same public parameter names in another Region: an image's id is of one Region. */
export function imageInRegion(imageId: string, region: string): string | undefined {
  const image = images.get(imageId);
  return image && imageOfParameter(image.parameter, region);
}
