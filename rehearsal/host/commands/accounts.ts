import type { Context } from "./command.js";

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The host's users, from its `/etc/passwd`. */
export async function users(context: Context): Promise<readonly Account[]> {
  return (await rows(context, "/etc/passwd")).map(([name = "", , uid, gid]) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
  }));
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** The host's groups, from its `/etc/group`. */
export async function groups(context: Context): Promise<readonly Group[]> {
  return (await rows(context, "/etc/group")).map(([name = "", , gid, members = ""]) => ({
    name,
    gid: Number(gid),
    members: members.split(","),
  }));
}

/** Whether the host knows the owner: a number always is one. */
export async function hasUser(context: Context, user: string): Promise<boolean> {
  return /^\d+$/.test(user) || (await users(context)).some(({ name }) => name === user);
}

export async function hasGroup(context: Context, group: string): Promise<boolean> {
  return /^\d+$/.test(group) || (await groups(context)).some(({ name }) => name === group);
}

async function rows(context: Context, file: string): Promise<readonly string[][]> {
  const text = await context.fs.readFile(file).catch(() => "");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(":"));
}
