import type { MachineDisk } from "../machine.js";
import type { RootedFiles } from "./rooted-files.js";

/** A host's disk as the agent sees it. */
export class RootedDisk implements MachineDisk {
  constructor(private readonly files: RootedFiles) {}

  exists(path: string): Promise<boolean> {
    return Promise.resolve(this.files.exists(path));
  }

  // Each is a promise that fails, where the files throw.
  async readFile(path: string): Promise<string> {
    return Promise.resolve(this.files.readFile(path));
  }

  async mkdir(path: string): Promise<void> {
    return Promise.resolve(this.files.mkdir(path));
  }

  async writeFile(path: string, content: string | Uint8Array): Promise<void> {
    return Promise.resolve(this.files.writeFile(path, content));
  }

  async chmod(path: string, mode: number): Promise<void> {
    return Promise.resolve(this.files.chmod(path, mode));
  }

  async rm(path: string): Promise<void> {
    return Promise.resolve(this.files.rm(path));
  }
}
