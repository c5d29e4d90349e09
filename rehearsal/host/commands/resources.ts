import type { Command } from "just-bash";
import { memoryInfo } from "../layout.js";
import type { CommandHost } from "./command.js";
import {
  command,
  fail,
  isDirectory,
  pathOf,
  readOptions,
  succeed,
  notRehearsed,
} from "./command.js";

interface FileSystem {
  readonly device: string;
  readonly type: string;
  readonly mountPoint: string;
  readonly kiB: number;
  readonly usedKiB: number;
}

/** What `df` shows on a fresh Amazon Linux 2023 host with the image's 8 GiB volume. */
function fileSystems({ facts }: CommandHost): readonly FileSystem[] {
  const half = facts.hardware.memoryMiB * 512;
  return [
    { device: "devtmpfs", type: "devtmpfs", mountPoint: "/dev", kiB: 4096, usedKiB: 0 },
    { device: "tmpfs", type: "tmpfs", mountPoint: "/dev/shm", kiB: half, usedKiB: 0 },
    {
      device: "tmpfs",
      type: "tmpfs",
      mountPoint: "/run",
      kiB: Math.round(half * 0.4),
      usedKiB: 440,
    },
    { device: "/dev/nvme0n1p1", type: "xfs", mountPoint: "/", kiB: 8_310_764, usedKiB: 1_646_532 },
    { device: "tmpfs", type: "tmpfs", mountPoint: "/tmp", kiB: half, usedKiB: 0 },
    {
      device: "/dev/nvme0n1p128",
      type: "vfat",
      mountPoint: "/boot/efi",
      kiB: 10_202,
      usedKiB: 1_320,
    },
  ];
}

const SUFFIXES = ["K", "M", "G", "T"];

/** A size as `df -h` and `free -h` write it. */
function human(kiB: number): string {
  let [value, step] = [kiB, 0];
  while (value >= 1024 && step < SUFFIXES.length - 1) [value, step] = [value / 1024, step + 1];
  if (kiB === 0) return "0";
  return `${value < 10 && step > 0 ? (Math.ceil(value * 10) / 10).toFixed(1) : Math.ceil(value)}${SUFFIXES[step] ?? ""}`;
}

export function df(host: CommandHost): Command {
  return command("df", async (args, context) => {
    const {
      given,
      operands,
      unknown,
      all: every,
    } = readOptions(args, "PkhTlami", "tx", {
      portability: "P",
      inodes: "i",
      "exclude-type": "x",
      "human-readable": "h",
      "print-type": "T",
      local: "l",
    });
    if (unknown !== undefined) return notRehearsed(host, `df ${unknown}`);
    const all = fileSystems(host);
    const [only, without] = [every("t"), every("x")];
    const rows = all.filter(
      ({ type }) => (only.length === 0 || only.includes(type)) && !without.includes(type),
    );
    const shown = operands.length === 0 ? rows : [];
    for (const operand of operands) {
      const path = pathOf(context, operand);
      if (!(await context.fs.exists(path)) && !(await isDirectory(context, path))) {
        return fail(`df: ${operand}: No such file or directory`);
      }
      const holds = (point: string) =>
        point === "/" || path === point || path.startsWith(`${point}/`);
      const [deepest] = all
        .filter(({ mountPoint }) => holds(mountPoint))
        .sort((a, b) => b.mountPoint.length - a.mountPoint.length);
      if (deepest !== undefined) shown.push(deepest);
    }
    if (given.has("i")) return succeed(table(inodes(shown)));
    const size = (kiB: number) =>
      given.has("h") ? human(kiB) : String(given.has("m") ? Math.ceil(kiB / 1024) : kiB);
    const blocks = given.has("h")
      ? "Size"
      : given.has("m")
        ? "1M-blocks"
        : given.has("P")
          ? "1024-blocks"
          : "1K-blocks";
    const head = [
      "Filesystem",
      ...(given.has("T") ? ["Type"] : []),
      blocks,
      "Used",
      given.has("h") ? "Avail" : "Available",
      given.has("P") ? "Capacity" : "Use%",
      "Mounted on",
    ];
    const lines = shown.map((filesystem) => [
      filesystem.device,
      ...(given.has("T") ? [filesystem.type] : []),
      size(filesystem.kiB),
      size(filesystem.usedKiB),
      size(filesystem.kiB - filesystem.usedKiB),
      `${Math.ceil((filesystem.usedKiB / filesystem.kiB) * 100)}%`,
      filesystem.mountPoint,
    ]);
    return succeed(table([head, ...lines]));
  });
}

/** XFS makes inodes as they are needed: about one for each 2 KiB that are free. vfat has none. */
function inodes(shown: readonly FileSystem[]): string[][] {
  const head = ["Filesystem", "Inodes", "IUsed", "IFree", "IUse%", "Mounted on"];
  return [
    head,
    ...shown.map(({ device, type, mountPoint, kiB, usedKiB }) => {
      if (type === "vfat") return [device, "0", "0", "0", "-", mountPoint];
      const [total, used] = [Math.floor(kiB / 2), Math.floor(usedKiB / 40) + 1];
      const share = `${Math.ceil((used / total) * 100)}%`;
      return [device, String(total), String(used), String(total - used), share, mountPoint];
    }),
  ];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const last = widths.length - 1;
  return rows
    .map((row) =>
      row
        .map((cell, at) =>
          at === 0
            ? cell.padEnd(widths[at] ?? 0)
            : at === last
              ? cell
              : cell.padStart(widths[at] ?? 0),
        )
        .join(" "),
    )
    .map((line) => `${line}\n`)
    .join("");
}

export function free(host: CommandHost): Command {
  return command("free", (args) => {
    const { given, unknown } = readOptions(args, "bkmghw", "", {
      bytes: "b",
      kibi: "k",
      mebi: "m",
      gibi: "g",
      human: "h",
    });
    if (unknown !== undefined) return notRehearsed(host, `free ${unknown}`);
    const value = (name: string) =>
      Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(memoryInfo(host.facts.hardware))?.[1]);
    const [total, unused, available, cached] = [
      value("MemTotal"),
      value("MemFree"),
      value("MemAvailable"),
      value("Cached"),
    ];
    const show = (kiB: number) => {
      if (given.has("h")) return `${human(kiB)}i`.replace("0i", "0B");
      return String(
        given.has("b")
          ? kiB * 1024
          : given.has("m")
            ? Math.floor(kiB / 1024)
            : given.has("g")
              ? Math.floor(kiB / 1024 ** 2)
              : kiB,
      );
    };
    const row = (name: string, values: readonly number[]) =>
      `${name.padEnd(8)}${values.map((value) => show(value).padStart(12)).join("")}\n`;
    const head = `${"".padEnd(8)}${["total", "used", "free", "shared", "buff/cache", "available"].map((name) => name.padStart(12)).join("")}\n`;
    return succeed(
      head +
        row("Mem:", [total, total - available, unused, 440, cached + 2048, available]) +
        row("Swap:", [0, 0, 0]),
    );
  });
}
