import type { Command } from "just-bash";
import type { CommandHost, Context } from "./command.js";
import { command, readOptions, succeed, notRehearsed } from "./command.js";

interface Socket {
  readonly netid: "tcp" | "udp";
  readonly state: string;
  readonly local: string;
  readonly peer: string;
  readonly port: number;
}

/** The listening programs of a new Amazon Linux 2023 host; what scripts open is not modelled. */
const PROCESSES: Readonly<Record<number, string>> = {
  22: 'users:(("sshd",pid=1893,fd=3))',
  323: 'users:(("chronyd",pid=1766,fd=5))',
};

/** `ss`: the sockets that listen, of `/proc/net`; other sockets are not modelled. */
export function ss(host: CommandHost): Command {
  return command("ss", async (args, context) => {
    const { given, unknown } = readOptions(args, "ltunpH46a", "", {
      listening: "l",
      tcp: "t",
      udp: "u",
      numeric: "n",
      processes: "p",
      "no-header": "H",
      ipv4: "4",
      ipv6: "6",
    });
    if (unknown !== undefined || !given.has("l") || given.has("a"))
      return notRehearsed(host, `ss ${unknown ?? args.join(" ")}`.trim());
    const both = given.has("u") === given.has("t");
    const kinds = both
      ? (["udp", "tcp"] as const)
      : given.has("u")
        ? ["udp" as const]
        : ["tcp" as const];
    const families = ["4", "6"].filter((family) => given.has(family));
    const sockets: Socket[] = [];
    for (const kind of kinds)
      for (const family of families.length === 0 ? ["4", "6"] : families)
        sockets.push(...(await listening(context, kind, family === "6")));
    const netid = (name: string) => (both ? name.padEnd(6) : "");
    const lines = sockets.map((socket) => {
      const users = given.has("p") ? ` ${PROCESSES[socket.port] ?? ""}` : "";
      const queues = socket.netid === "tcp" ? "0      128   " : "0      0     ";
      return `${netid(socket.netid)}${socket.state.padEnd(7)}${queues}${socket.local.padStart(18)} ${socket.peer.padStart(15)}${users}`.trimEnd();
    });
    const head = `${netid("Netid")}State  Recv-Q Send-Q Local Address:Port  Peer Address:Port${given.has("p") ? "Process" : ""}`;
    const shown = given.has("H") ? lines : [head, ...lines];
    return succeed(shown.map((line) => `${line}\n`).join(""));
  });
}

/** State 0A of TCP listens; a UDP socket without a peer is in state 07. Source: include/net/tcp_states.h of Linux. */
async function listening(context: Context, netid: "tcp" | "udp", v6: boolean): Promise<Socket[]> {
  const file = `/proc/net/${netid}${v6 ? "6" : ""}`;
  const rows = (await context.fs.readFile(file).catch(() => "")).split("\n").slice(1);
  return rows.flatMap((line): Socket[] => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    if (state !== (netid === "tcp" ? "0A" : "07")) return [];
    const [address = "", hex = ""] = local.split(":");
    const port = Number.parseInt(hex, 16);
    const any = v6 ? "[::]" : "0.0.0.0";
    const from = v6 ? v6Address(address) : v4Address(address);
    const name = netid === "tcp" ? "LISTEN" : "UNCONN";
    return [{ netid, state: name, local: `${from}:${port}`, peer: `${any}:*`, port }];
  });
}

/** The kernel writes addresses as little-endian words. */
const v4Address = (hex: string): string =>
  [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(".");

function v6Address(hex: string): string {
  if (/^0+$/.test(hex)) return "[::]";
  return /^0{24}01000000$/.test(hex) ? "[::1]" : `[${hex.toLowerCase()}]`;
}
