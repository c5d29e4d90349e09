import { createHash } from "node:crypto";
import type { MachineDisk } from "../machine.js";

/** Where the agent unpacks packages. Source: appconfig/constants_unix.go. */
export const LINUX_PACKAGES = "/var/lib/amazon/ssm/packages";

/** What the agent needs of a host's disk. */
export type PackageDisk = Pick<MachineDisk, "exists" | "mkdir" | "writeFile" | "chmod" | "rm">;

/** Source: agent's localpackages.go, InstallState. */
export type InstallState =
  | "None"
  | "Failed"
  | "Uninstalling"
  | "New"
  | "Upgrading"
  | "Installing"
  | "Installed"
  | "RollbackUninstall"
  | "RollbackInstall";

export interface InstalledPackage {
  /** The document's name, without what an ARN has in front. */
  readonly name: string;
  /** What the agent calls it: the name of an own document, the ARN of a shared one. */
  readonly arn: string;
  readonly version: string;
  readonly status: InstallState;
}

interface PackageState {
  version: string;
  state: InstallState;
  lastInstalledVersion: string;
}

/**
 * The agent's records of packages between two commands: states, unpacked files, manifests, locks.
 * Source: agent's plugins/configurepackage/localpackages.
 */
export class PackageRepository {
  private readonly states = new Map<string, PackageState>();
  private readonly manifests = new Map<string, string>();
  private readonly locks = new Map<string, string>();

  constructor(
    private readonly disk: PackageDisk,
    private readonly root: string,
  ) {}

  packages(): readonly InstalledPackage[] {
    const installed = [...this.states].filter(([, { state }]) => state !== "None");
    return installed.map(([arn, { version, state }]) => ({
      name: arn.replace(/^arn:.*:(document|package)\//, ""),
      arn,
      version,
      status: state,
    }));
  }

  state(arn: string): { readonly state: InstallState; readonly version: string } {
    return this.states.get(arn) ?? { state: "None", version: "" };
  }

  /** The version that was last installed with success, and is still there. */
  installedVersion(arn: string): string {
    const recorded = this.states.get(arn);
    return recorded === undefined
      ? ""
      : recorded.state === "Installed"
        ? recorded.version
        : recorded.lastInstalledVersion;
  }

  setState(arn: string, version: string, state: InstallState): void {
    const recorded = this.states.get(arn) ?? {
      version: "",
      state: "None",
      lastInstalledVersion: "",
    };
    // A download alone does not change what is known of an installation.
    if (state === "New" && recorded.state !== "None") return;
    const lastInstalledVersion =
      state === "Installed" ? version : state === "None" ? "" : recorded.lastInstalledVersion;
    this.states.set(arn, { version, state, lastInstalledVersion });
  }

  /** Remembers the manifest of a document's version; says whether the same was known. */
  remember(arn: string, documentVersion: string, manifest: string): boolean {
    const key = `${arn} ${documentVersion}`;
    const same = this.manifests.get(key) === manifest;
    this.manifests.set(key, manifest);
    return same;
  }

  forget(arn: string, documentVersion: string): void {
    this.manifests.delete(`${arn} ${documentVersion}`);
  }

  /** @throws Error where something is being done with the package. */
  lock(arn: string, action: string): void {
    const current = this.locks.get(arn);
    if (current !== undefined)
      throw new Error(`Package "${arn}" is already in the process of action "${current}"`);
    this.locks.set(arn, action);
  }

  unlock(arn: string): void {
    this.locks.delete(arn);
  }

  /** The folder of one version of a package. */
  folder(arn: string, version: string): string {
    // Windows takes a slash as well; what it is shown to people with is its own.
    const separator = this.root.includes("\\") ? "\\" : "/";
    return [this.root, directoryName(arn), directoryName(version)].join(separator);
  }

  exists(path: string): Promise<boolean> {
    return this.disk.exists(path);
  }

  /** Writes the files of a package into its folder. */
  async unpack(arn: string, version: string, files: readonly UnpackedFile[]): Promise<void> {
    const folder = this.folder(arn, version);
    await this.disk.mkdir(folder, { recursive: true });
    for (const { name, bytes, mode } of files) {
      const path = `${folder}/${name}`;
      await this.disk.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
      await this.disk.writeFile(path, bytes);
      await this.disk.chmod(path, mode);
    }
  }

  async remove(arn: string, version: string): Promise<void> {
    await this.disk.rm(this.folder(arn, version), { recursive: true, force: true });
  }

  /** What is wrong with the unpacked package; undefined: nothing. */
  async problem(arn: string, version: string): Promise<string | undefined> {
    const folder = this.folder(arn, version);
    if (!(await this.exists(folder))) return "Package is incomplete";
    for (const script of ["install.sh", "install.ps1"])
      if (await this.exists(`${folder}/${script}`)) return undefined;
    return "Package is not supported (package is missing install action)";
  }
}

export interface UnpackedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/**
 * A name that can be a directory's: plain names stay, an ARN becomes its letters with a digest.
 * Source: agent's localpackages_normalize.go.
 */
export function directoryName(name: string): string {
  if (
    name.length <= 255 &&
    /^[a-zA-Z0-9][ \w+=()[\]{}-]*([.][ \w+=()[\]{}-]+)*$/.test(name) &&
    !name.endsWith(" ")
  )
    return name;
  const lower = name.toLowerCase();
  const suffix = `_${lower.length.toString(16).toUpperCase()}_${base32(createHash("sha256").update(lower).digest())}`;
  const plain = lower.replaceAll(".", "-").replaceAll(/[^0-9a-zA-Z-]/g, "");
  return `_${plain.slice(0, Math.max(0, 254 - suffix.length))}${suffix}`;
}

/** RFC 4648, with padding, as Go's encoding/base32 writes it. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const letters = (bits.match(/.{1,5}/g) ?? []).map((group) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(Number.parseInt(group.padEnd(5, "0"), 2)),
  );
  return letters.join("").padEnd(Math.ceil(letters.length / 8) * 8, "=");
}
