/** The operating system as the agent's package installer sees it: manifests are looked up by these words. */
export interface Platform {
  /** e.g. `amazon` */
  readonly name: string;
  /** e.g. `2023` */
  readonly version: string;
  /** e.g. `rhel` */
  readonly family: string;
  readonly packageManager: string;
  readonly initSystem: string;
}

/** Source: agent's envdetect/osdetect/windows and envdetect/constants; the version is that of Win32_OperatingSystem. */
export const WINDOWS_PLATFORM: Omit<Platform, "version"> = {
  name: "windows",
  family: "windows",
  packageManager: "windows",
  initSystem: "windows",
};

/** `ID` of os-release to the agent's name, where they differ. Source: agent's envdetect/osdetect/linux/osdetect.go. */
const NAMES: Readonly<Record<string, string>> = {
  rhel: "redhat",
  amzn: "amazon",
  sles: "suse",
  ol: "oracle",
};

/** Source: platformFamilyForPlatform and DetectPkgManager there. */
const FAMILIES: readonly (readonly [family: string, packageManager: string, names: string])[] = [
  ["debian", "apt", "ubuntu debian raspbian"],
  ["rhel", "yum", "redhat centos amazon rocky almalinux oracle"],
  ["fedora", "dnf", "fedora"],
  ["suse", "zypper", "suse opensuse opensuseleap"],
];

/** Reads `/etc/os-release`. */
export function detectPlatform(osRelease: string): Platform {
  const field = (name: string) =>
    new RegExp(`^${name}=["']?(.+?)["']?$`, "m").exec(osRelease)?.[1] ?? "";
  const id = field("ID");
  const name = NAMES[id] ?? id;
  const [family = "", packageManager = ""] =
    FAMILIES.find(([, , names]) => names.split(" ").includes(name)) ?? [];
  return {
    name,
    version: field("VERSION_ID"),
    family,
    packageManager,
    initSystem: "systemd",
  };
}
