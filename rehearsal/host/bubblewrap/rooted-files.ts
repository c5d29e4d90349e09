import * as fs from "node:fs";

const { O_CREAT, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = fs.constants;

/** Linux gives up after 40 links (path_resolution(7)). */
const MAX_LINKS = 40;

/** Which parts of a path may be links: all, all but the last one, or none. */
type Follow = "all" | "folders" | "nothing";

/** What a path leads to: a name in a folder that is open. */
interface Place {
  /** The folder's file descriptor. */
  readonly folder: number;
  readonly name: string;
}

/**
 * Files below a folder in which scripts may do what they like, also at the same time: the one way by which the
 * rehearsal itself gets at them. Links are followed within the folder, as if it were the root, and never out of it. Each part
 * of a path is opened in the open folder before it, as openat(2) does, so no link that is put there meanwhile counts.
 */
export class RootedFiles {
  /** `root`: asked before each use. Nothing of its own path is looked at. */
  constructor(private readonly root: () => string) {}

  exists(path: string): boolean {
    try {
      return this.at(path, "all", (place) => fs.lstatSync(inOpen(place)) !== undefined);
    } catch {
      return false;
    }
  }

  /** The path's folders are there, and no part of it is a link. */
  isOwn(path: string): boolean {
    try {
      return this.at(path, "nothing", (place) => linkAt(place) === undefined);
    } catch {
      return false;
    }
  }

  /** @throws for all that is no regular file: a pipe would never end */
  readFile(path: string): string {
    return this.at(path, "all", (place) =>
      withFile(place, O_RDONLY, (file) => fs.readFileSync(file, "utf8")),
    );
  }

  /** @throws for all that is no regular file */
  writeFile(path: string, content: string | Uint8Array, mode = 0o644): void {
    this.at(path, "all", (place) =>
      withFile(
        place,
        O_WRONLY | O_CREAT,
        (file) => {
          fs.ftruncateSync(file);
          fs.writeFileSync(file, content);
        },
        mode,
      ),
    );
  }

  /** Writes to a pipe that has a reader. @throws if it has none, or is no pipe */
  writePipe(path: string, content: string): void {
    this.at(path, "folders", (place) => {
      const pipe = fs.openSync(inOpen(place), O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        if (!fs.fstatSync(pipe).isFIFO()) throw new Error(`${path} is no pipe`);
        fs.writeSync(pipe, content);
      } finally {
        fs.closeSync(pipe);
      }
    });
  }

  chmod(path: string, mode: number): void {
    this.at(path, "all", (place) =>
      withFile(place, O_RDONLY, (file) => {
        fs.fchmodSync(file, mode);
      }),
    );
  }

  /** Makes a folder and those above it. */
  mkdir(path: string): void {
    const names = path.split("/").filter((name) => name !== "");
    names.forEach((_, index) => {
      this.at(names.slice(0, index + 1).join("/"), "all", (place) => {
        try {
          fs.mkdirSync(inOpen(place));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        }
      });
    });
  }

  /** Removes a file, a link, or a folder with all that is in it; what is not there is no mistake. */
  rm(path: string): void {
    try {
      this.at(path, "folders", remove);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }

  /** Lets something happen at the end of a path. */
  private at<T>(path: string, follow: Follow, act: (place: Place) => T): T {
    const open = [openFolder(this.root())];
    try {
      const name = walk(path, follow, open);
      return act({ folder: open.at(-1) as number, name });
    } finally {
      for (const folder of open) fs.closeSync(folder);
    }
  }
}

/** Opens a path's folders one in the other, and gives the name in the last one. */
function walk(path: string, follow: Follow, open: number[]): string {
  const todo = partsOf(path);
  for (let links = 0; ;) {
    const name = todo.pop() ?? ".";
    if (name === "..") {
      if (open.length > 1) fs.closeSync(open.pop() as number);
      continue;
    }
    const isLast = todo.length === 0;
    const place = { folder: open.at(-1) as number, name };
    const target = isLast && follow !== "all" ? undefined : linkAt(place);
    if (target !== undefined && follow === "nothing") throw new Error(`${path}: ${name} is a link`);
    if (target === undefined && isLast) return name;
    if (target === undefined) {
      open.push(openFolder(inOpen(place)));
      continue;
    }
    if (++links > MAX_LINKS) throw new Error(`ELOOP: too many levels of symbolic links, '${path}'`);
    if (target.startsWith("/")) for (const folder of open.splice(1)) fs.closeSync(folder);
    todo.push(...partsOf(target));
  }
}

/** The parts of a path, the first one last. */
const partsOf = (path: string): string[] =>
  path
    .split("/")
    .filter((name) => name !== "" && name !== ".")
    .reverse();

/** `/proc` shows what is open here; a name after it is looked up in that very folder, wherever it is meanwhile. */
const inOpen = ({ folder, name }: Place): string => `/proc/self/fd/${folder}/${name}`;

const openFolder = (path: string): number =>
  fs.openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);

function linkAt(place: Place): string | undefined {
  try {
    return fs.readlinkSync(inOpen(place));
  } catch {
    return undefined;
  }
}

function withFile<T>(place: Place, flags: number, use: (file: number) => T, mode?: number): T {
  const file = fs.openSync(inOpen(place), flags | O_NOFOLLOW | O_NONBLOCK, mode);
  try {
    if (!fs.fstatSync(file).isFile()) throw new Error(`${place.name} is no regular file`);
    return use(file);
  } finally {
    fs.closeSync(file);
  }
}

function remove(place: Place): void {
  if (!fs.lstatSync(inOpen(place)).isDirectory()) {
    fs.unlinkSync(inOpen(place));
    return;
  }
  const folder = openFolder(inOpen(place));
  try {
    for (const name of fs.readdirSync(`/proc/self/fd/${folder}`)) remove({ folder, name });
  } finally {
    fs.closeSync(folder);
  }
  fs.rmdirSync(inOpen(place));
}
