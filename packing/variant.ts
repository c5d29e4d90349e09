/** One declared build of a package: what is installed, and its scripts for one platform. */
export interface Variant {
  /** Package name; its document is `<prefix>-package-<name>`. */
  readonly name: string;
  /** Version of the package, not of the executable: 3-128 letters, digits, `_`, `-` or `.`. */
  readonly version: string;
  readonly os: Os;
  readonly architecture: Architecture;
  /** Path of a file or of a folder, relative to the project. */
  readonly executable: string;
  /** One line of shell, or of PowerShell for Windows, run in the folder of the executable. */
  readonly install: string;
  readonly uninstall: string;
  /** One line that succeeds where the package works. @default the files that install placed are unchanged */
  readonly validate?: string;
  /** Environment variable of `install` -> name of the SSM parameter that the host reads it from. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A variant with the bytes of what it installs, by path at the root of the zip. */
export interface ReadVariant {
  readonly variant: Variant;
  readonly files: ReadonlyMap<string, Buffer>;
}

/**
 * Platform names of Linux in Distributor manifests: those of the user guide, and `rocky`, which the
 * agent reports (amazon-ssm-agent, configurepackage/envdetect/constants).
 */
export const linuxPlatforms = [
  "amazon",
  "centos",
  "debian",
  "opensuse",
  "opensuseleap",
  "oracle",
  "redhat",
  "rocky",
  "suse",
  "ubuntu",
] as const;

/** `linux` stands for all of `linuxPlatforms`; a platform declared by its own name goes first. */
export const operatingSystems = ["linux", "windows", ...linuxPlatforms] as const;
export type Os = (typeof operatingSystems)[number];

/** `_any` is for what runs on every processor, such as a script. */
export const architectures = ["x86_64", "arm64", "386", "_any"] as const;
export type Architecture = (typeof architectures)[number];

/** What distinguishes the variants of one version. */
export const variantKey = ({ os, architecture }: Pick<Variant, "os" | "architecture">): string =>
  `${os}/${architecture}`;
