// Which image a host is launched from, and which instance types it runs on.

export const platforms = ["linux", "windows"] as const;

/** What a host runs: Amazon Linux 2023 or Windows Server, unless another image is named. */
export type Platform = (typeof platforms)[number];

/** What of a host decides about its image. */
export interface ImageChoice {
  readonly platform: Platform;
  /** e.g. `t3.micro` */
  readonly instanceType: string;
  /** Public parameter that names the image. @default the newest of the platform */
  readonly image?: string;
}

/** The smallest practical type: Windows with a desktop needs 2 GiB to start and 4 to work. */
export const defaultInstanceType: Readonly<Record<Platform, string>> = {
  linux: "t3.micro",
  windows: "t3.medium",
};

/**
 * Splits an instance type into family letters, generation, attributes and size. In the attributes,
 * `g` is AWS's Graviton (arm64): `t4g`, `c7gn`, `im4gn`, but not `g5`, whose letter is the family.
 * New families come every month, so they are not listed; the sizes are the same for years.
 */
const typePattern =
  /^(?<family>[a-z]+(?:-[a-z0-9]+)?)(?<generation>\d+)(?<attributes>[a-z0-9-]*)\.(?:nano|micro|small|medium|large|\d*xlarge|metal(?:-\d+xl)?)$/;

/**
 * Families without AWS's Nitro System, which boot no UEFI. Source: EC2 user guide, "Instances built
 * on Xen", read against "Requirements to launch an EC2 instance in UEFI boot mode".
 */
const xen = new Set(
  "t1 t2 m1 m2 m3 m4 c1 c3 c4 cc2 cr1 r3 r4 x1 x1e i2 i3 d2 h1 hs1 p2 p3 g2 g3 g3s f1".split(" "),
);

/** Public parameters of images that boot UEFI only. Source: the same page of the EC2 user guide. */
const uefiOnly = /\/(?:TPM-)?Windows_Server-2025-|\/TPM-Windows_Server-/;

export type Processor = "x86_64" | "arm64";

/** The processor of an instance type; undefined for what is no instance type. */
export function processorOf(instanceType: string): Processor | undefined {
  const parts = typePattern.exec(instanceType)?.groups;
  if (!parts) return undefined;
  return parts["family"] === "a" || parts["attributes"]?.includes("g") ? "arm64" : "x86_64";
}

/**
 * The public parameter of the host's image. Windows Server 2025, as mainstream support of 2022 ended
 * on 2026-10-13.
 */
export function imageParameter({ platform, instanceType, image }: ImageChoice): string {
  if (image !== undefined) return image;
  if (platform === "windows") {
    return "/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base";
  }
  const processor = processorOf(instanceType) ?? "x86_64";
  return `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${processor}`;
}

/** Says why an image cannot be this host's; undefined when nothing speaks against it. */
export function imageProblem({ platform, instanceType, image }: ImageChoice): string | undefined {
  if (image === undefined) return undefined;
  const windows = image.includes("/ami-windows-latest/");
  if (windows !== (platform === "windows")) {
    return `expected the public parameter of an image for ${platform}, got "${image}"`;
  }
  const processor = processorOf(instanceType);
  const named = /arm64|x86_64|amd64/.exec(image)?.[0].replace("amd64", "x86_64");
  if (named === undefined || processor === undefined || named === processor) return undefined;
  return `expected an image for ${processor}, which is the processor of ${instanceType}, got "${image}"`;
}

/** Says why a type cannot be this host's; undefined when nothing speaks against it. */
export function instanceTypeProblem(choice: ImageChoice): string | undefined {
  const { platform, instanceType } = choice;
  const got = `got "${instanceType}"`;
  const processor = processorOf(instanceType);
  if (processor === undefined) {
    return `expected an EC2 instance type, ${got}; write for example "${defaultInstanceType[platform]}"`;
  }
  if (platform === "windows" && processor === "arm64") {
    return `expected a type with an x86_64 processor, ${got}; there is no Windows Server for AWS Graviton`;
  }
  const [family = ""] = instanceType.split(".");
  if (xen.has(family) && uefiOnly.test(imageParameter(choice))) {
    return `expected a type of the Nitro System, ${got}; ${imageParameter(choice)} boots by UEFI, which ${family} does not have`;
  }
  return undefined;
}
