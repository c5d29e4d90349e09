import { createHash } from "node:crypto";
import { type OperatingSystem } from "./instance.js";

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
  {
    parameter: /^\/aws\/service\/ami-windows-latest\/Windows_Server-2022-English-(Full|Core)-Base$/,
    os: {
      platformType: "Windows",
      platformName: "Microsoft Windows Server 2022 Datacenter",
      platformVersion: "10.0.20348",
    },
  },
];

const images = new Map<string, OperatingSystem>();

/** The id of the newest image that a public parameter names, the same in every run; undefined where there is none. */
export function imageOfParameter(parameter: string, region: string): string | undefined {
  const family = FAMILIES.find((candidate) => candidate.parameter.test(parameter));
  if (family === undefined) return undefined;
  const digest = createHash("sha256").update(`${region} ${parameter}`).digest("hex");
  const id = `ami-0${digest.slice(0, 16)}`;
  images.set(id, { ...family.os, architecture: parameter.endsWith("arm64") ? "arm64" : "x86_64" });
  return id;
}

/** The operating system of an image; undefined where no public parameter named it yet. */
export function operatingSystemOf(imageId: string): OperatingSystem | undefined {
  return images.get(imageId);
}
