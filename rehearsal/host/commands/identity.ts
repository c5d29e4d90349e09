import type { Command } from "just-bash";
import { kernelRelease, machineName } from "../layout.js";
import { hostnameOf } from "./hostname.js";
import type { Account } from "./accounts.js";
import { groups, users } from "./accounts.js";
import type { CommandHost, Context } from "./command.js";
import { command, fail, readOptions, succeed, notRehearsed } from "./command.js";

/** `id`; the shell runs as root. */
export function id(host: CommandHost): Command {
  return command("id", async (args, context) => {
    const { given, operands, unknown } = readOptions(args, "ugGnr", "", {
      user: "u",
      group: "g",
      groups: "G",
      name: "n",
      real: "r",
    });
    if (unknown !== undefined) return notRehearsed(host, `id ${unknown}`);
    const user = operands[0] ?? "root";
    const account = (await users(context)).find(
      ({ name, uid }) => name === user || String(uid) === user,
    );
    if (account === undefined) return fail(`id: ‘${user}’: no such user`);
    const memberships = await groupsOf(account, context);
    const [primary] = memberships;
    const pick = (entry: { name: string; number: number }) =>
      given.has("n") ? entry.name : String(entry.number);
    if (given.has("u")) return succeed(`${pick({ name: account.name, number: account.uid })}\n`);
    if (given.has("G")) return succeed(`${memberships.map(pick).join(" ")}\n`);
    if (given.has("g")) return succeed(`${primary === undefined ? account.gid : pick(primary)}\n`);
    const shown = memberships.map(({ name, number }) => `${number}(${name})`);
    return succeed(
      `uid=${account.uid}(${account.name}) gid=${shown[0] ?? account.gid} groups=${shown.join(",")}\n`,
    );
  });
}

async function groupsOf(
  account: Account,
  context: Context,
): Promise<{ name: string; number: number }[]> {
  const all = await groups(context);
  const own = all.filter(({ gid }) => gid === account.gid);
  const others = all.filter(
    ({ gid, members }) => gid !== account.gid && members.includes(account.name),
  );
  return [...own, ...others].map(({ name, gid }) => ({ name, number: gid }));
}

export function whoami(): Command {
  return command("whoami", () => succeed("root\n"));
}

export function uname(host: CommandHost): Command {
  return command("uname", async (args, context) => {
    const { given, operands, unknown } = readOptions(args, "asnrvmpio", "", {
      all: "a",
      "kernel-name": "s",
      nodename: "n",
      "kernel-release": "r",
      "kernel-version": "v",
      machine: "m",
      "operating-system": "o",
    });
    if (unknown !== undefined) return notRehearsed(host, `uname ${unknown}`);
    if (operands[0] !== undefined) return fail(`uname: extra operand ‘${operands[0]}’`);
    const machine = machineName(host.facts.os);
    const parts: Readonly<Record<string, string>> = {
      s: "Linux",
      n: await hostnameOf(context),
      r: kernelRelease(host.facts.os),
      v: "#1 SMP PREEMPT_DYNAMIC Tue Dec  3 19:57:17 UTC 2024",
      m: machine,
      p: machine,
      i: machine,
      o: "GNU/Linux",
    };
    const wanted = given.has("a")
      ? Object.keys(parts)
      : given.size === 0
        ? ["s"]
        : Object.keys(parts).filter((key) => given.has(key));
    return succeed(`${wanted.map((key) => parts[key] ?? "").join(" ")}\n`);
  });
}

/** `nproc` and `arch`. */
export function nproc(host: CommandHost): Command {
  return command("nproc", () => succeed(`${host.facts.hardware.processors}\n`));
}
