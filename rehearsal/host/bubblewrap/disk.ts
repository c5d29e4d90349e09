import * as fs from "node:fs/promises";
import { join } from "node:path";
import type { MachineDisk } from "../machine.js";

/** A host's disk: a folder of the machine at hand. Paths and links stay in it, as if it were the root. */
export class RootedDisk implements MachineDisk {
  /** `root`: called before each use, so that a host that does nothing needs no disk. */
  constructor(private readonly root: () => string) {}

  async exists(path: string): Promise<boolean> {
    const found = await fs.lstat(await this.inside(path)).catch(() => undefined);
    return found !== undefined;
  }

  async readFile(path: string): Promise<string> {
    return fs.readFile(await this.inside(path), "utf8");
  }

  async mkdir(path: string): Promise<void> {
    await fs.mkdir(await this.inside(path), { recursive: true });
  }

  async writeFile(path: string, content: string | Uint8Array): Promise<void> {
    await fs.writeFile(await this.inside(path), content);
  }

  async chmod(path: string, mode: number): Promise<void> {
    await fs.chmod(await this.inside(path), mode);
  }

  async rm(path: string): Promise<void> {
    await fs.rm(await this.inside(path), { recursive: true, force: true });
  }

  /**
   * The place of a host's path on the machine at hand. Links are followed here, one by one, because the
   * system would follow an absolute one out of the folder.
   */
  private async inside(path: string): Promise<string> {
    const root = this.root();
    const todo = path.split("/").reverse();
    const done: string[] = [];
    for (let links = 0; todo.length > 0;) {
      const name = todo.pop() ?? "";
      if (name === "" || name === ".") continue;
      if (name === "..") {
        done.pop();
        continue;
      }
      const target = await fs.readlink(join(root, ...done, name)).catch(() => undefined);
      if (target === undefined) {
        done.push(name);
        continue;
      }
      // Linux gives up after 40 links (path_resolution(7)).
      if (++links > 40) throw new Error(`ELOOP: too many levels of symbolic links, open '${path}'`);
      if (target.startsWith("/")) done.length = 0;
      todo.push(...target.split("/").reverse());
    }
    return join(root, ...done);
  }
}
