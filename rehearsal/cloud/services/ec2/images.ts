import { createHash } from "node:crypto";
import type { OperatingSystem } from "../../../kernel/instance.js";

/** A public parameter that names the newest image of an operating system, and what that image is. */
interface ImageFamily {
  readonly parameter: RegExp;
  readonly os: Omit<OperatingSystem, "architecture">;
}

/**
 * Source: EC2 user guide, "Reference the latest AMIs using Systems Manager public parameters"; platform names as in
 * SSM's DescribeInstanceInformation.
 */
const FAMILIES: readonly ImageFamily[] = [
  {
    parameter:
      /^\/aws\/service\/ami-amazon-linux-latest\/al2023-ami(-minimal)?-kernel-(default|[\d.]+)-(x86_64|arm64)$/,
    os: { platformType: "Linux", platformName: "Amazon Linux", platformVersion: "2023" },
  },
  ...windowsServers({
    2016: "10.0.14393",
    2019: "10.0.17763",
    2022: "10.0.20348",
    2025: "10.0.26100",
  }),
];

/** By release, the version that Windows says of itself. Source: Microsoft, "Windows Server release information". */
function windowsServers(versions: Readonly<Record<string, string>>): ImageFamily[] {
  return Object.entries(versions).map(([release, platformVersion]) => ({
    parameter: new RegExp(
      `^/aws/service/ami-windows-latest/(?:(?:TPM|BIOS)-)?Windows_Server-${release}-English-(?:Full|Core)-Base$`,
    ),
    os: {
      platformType: "Windows",
      platformName: `Microsoft Windows Server ${release} Datacenter`,
      platformVersion,
    },
  }));
}

interface Image {
  readonly os: OperatingSystem;
  readonly region: string;
  /** The public parameter that names it. */
  readonly parameter: string;
}

const images = new Map<string, Image>();

/** The id of the newest image that a public parameter names, the same in every run; undefined where there is none. */
export function imageOfParameter(parameter: string, region: string): string | undefined {
  const family = FAMILIES.find((candidate) => candidate.parameter.test(parameter));
  if (family === undefined) return undefined;
  const digest = createHash("sha256").update(`${region} ${parameter}`).digest("hex");
  const id = `ami-0${digest.slice(0, 16)}`;
  const architecture = parameter.endsWith("arm64") ? "arm64" : "x86_64";
  images.set(id, { os: { ...family.os, architecture }, region, parameter });
  return id;
}

/** The operating system of an image; undefined where no public parameter of the Region named it yet. */
export function operatingSystemOf(imageId: string, region: string): OperatingSystem | undefined {
  const image = images.get(imageId);
  return image?.region === region ? image.os : undefined;
}

/** The image that the same public parameter names in another Region: an image's id is of one Region. */
export function imageInRegion(imageId: string, region: string): string | undefined {
  const image = images.get(imageId);
  return image && imageOfParameter(image.parameter, region);
}
