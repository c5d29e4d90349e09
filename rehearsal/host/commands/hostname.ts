import type { Command } from "just-bash";
import type { CommandHost, Context } from "./command.js";
import { command, fail, readOptions, succeed, notRehearsed } from "./command.js";

/** The name that the kernel has now, and the one that it gets at the next start: on a systemd host they are one. */
const FILES = ["/etc/hostname", "/proc/sys/kernel/hostname"];

export async function hostnameOf(context: Context): Promise<string> {
  return (await context.fs.readFile("/etc/hostname")).trim();
}

/** `hostname`, to read; setting it is not modelled: `hostnamectl` does. */
export function hostname(host: CommandHost): Command {
  return command("hostname", async (args, context) => {
    const { given, operands, unknown } = readOptions(args, "sfiI", "", {
      short: "s",
      fqdn: "f",
      long: "f",
      "all-ip-addresses": "I",
    });
    if (unknown !== undefined || operands.length > 0) {
      return notRehearsed(host, `hostname ${unknown ?? operands.join(" ")}`);
    }
    if (given.has("i") || given.has("I")) return succeed(`${host.facts.privateIp} \n`);
    const name = await hostnameOf(context);
    return succeed(`${given.has("s") ? name.replace(/\..*$/, "") : name}\n`);
  });
}

/** `hostnamectl set-hostname NAME`, or `hostname NAME` as it is called since systemd 249; and `hostnamectl hostname`. */
export function hostnamectl(host: CommandHost): Command {
  return command("hostnamectl", async (args, context) => {
    const [verb, name, ...more] = args;
    const isKnown = verb === "set-hostname" || verb === "hostname";
    if (!isKnown || more.length > 0 || name?.startsWith("-") === true)
      return notRehearsed(host, `hostnamectl ${args.join(" ")}`.trim());
    if (name === undefined) {
      return verb === "hostname"
        ? succeed(`${await hostnameOf(context)}\n`)
        : fail("Too few arguments.");
    }
    // Source: systemd's hostname_is_valid.
    if (name.length > 64 || !/^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/.test(name))
      return fail(`Could not set static hostname: Invalid static hostname '${name}'`);
    for (const file of FILES) await context.fs.writeFile(file, `${name}\n`);
    return succeed();
  });
}
