// Mistakes that only the files of several stacks show together. The program reports what is wrong within one.
import { didYouMean } from "./did-you-mean.js";
import type { Mismatch, Served, Wanted } from "./log-and-member.js";
import { mismatches } from "./log-and-member.js";
import { isRecord } from "./record.js";

/** A stack's settings by key, without the project's namespace; defaults are among them. */
export interface StackSettings {
  readonly stack: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface TogetherProblem {
  /** The stack whose file has the problem; undefined where no file has it. */
  readonly stack?: string;
  readonly key: string;
  readonly reason: string;
}

export interface Together {
  readonly problems: readonly TogetherProblem[];
  /** What is valid, but perhaps not what was meant. */
  readonly warnings: readonly TogetherProblem[];
}

/** @param project the name by which stacks refer to each other's projects */
export function checkTogether(project: string, stacks: readonly StackSettings[]): Together {
  const logs = stacks.filter(({ settings }) => settings["role"] === "log");
  const members = stacks.filter(({ settings }) => settings["role"] === "member");
  return {
    problems: [
      ...accountProblems(stacks),
      ...partitionProblems(stacks),
      ...members.flatMap((member) => memberProblems(project, member, logs, stacks)),
    ],
    warnings: [...severalLogs(logs), ...noMember(logs, members), ...noHome(logs, members)],
  };
}

function accountProblems(stacks: readonly StackSettings[]): TogetherProblem[] {
  const accounts = stacks.map(({ settings }) => textOf(settings["account"]));
  return stacks.flatMap(({ stack, settings }, index) => {
    const account = accounts[index];
    const first = stacks[accounts.indexOf(account)];
    if (account === undefined || first === undefined || first.stack === stack) return [];
    const roles = [first.settings["role"], settings["role"]];
    const why =
      roles.includes("log") && roles.includes("member")
        ? "hosts live in other accounts than the log stack"
        : "an account has one stack";
    const reason = `expected an account of its own, got "${account}", which is that of stack "${first.stack}"; ${why}`;
    return [{ stack, key: "fleet:account", reason }];
  });
}

/** The local cloud is one partition, and nothing crosses it in AWS either. */
function partitionProblems([first, ...others]: readonly StackSettings[]): TogetherProblem[] {
  const wanted = textOf(first?.settings["partition"]);
  return others.flatMap(({ stack, settings }) => {
    const partition = textOf(settings["partition"]);
    if (partition === undefined || partition === wanted) return [];
    const reason = `expected ${wanted ?? "a partition"} as in stack "${first?.stack ?? ""}", got ${partition}; a rehearsal is in one partition: put the stacks of each into a folder of their own, and name it by --stack-config`;
    return [{ stack, key: "fleet:partition", reason }];
  });
}

function memberProblems(
  project: string,
  member: StackSettings,
  logs: readonly StackSettings[],
  all: readonly StackSettings[],
): TogetherProblem[] {
  const { stack, settings } = member;
  const written = textOf(settings["logStack"]) ?? "";
  const [name = "", inProject = project] = written.split("/").reverse();
  const log = logs.find((candidate) => candidate.stack === name && inProject === project);
  if (log === undefined) {
    const known = logs.map((candidate) => `organization/${project}/${candidate.stack}`);
    const isMember = all.some((other) => other.stack === name && inProject === project);
    const found = `"${written}"${isMember ? ", which is of another role" : ""}`;
    const remedy = didYouMean(written, known) || "; add its file, or correct the name";
    const reason = `expected a stack of role log that has a file here (${known.join(", ") || "none"}), got ${found}${remedy}`;
    return [{ stack, key: "fleet:logStack", reason }];
  }
  const wanted = wantedBy(settings);
  const found = mismatches(servedBy(log), wanted);
  // Two other checks report these, of every pair of stacks.
  const isReported = ({ key }: Mismatch) => ["fleet:account", "fleet:partition"].includes(key);
  return found.filter((problem) => !isReported(problem)).map((problem) => ({ stack, ...problem }));
}

/** A second log stack is right where members name it; a copy that was left behind is not. */
function severalLogs(logs: readonly StackSettings[]): TogetherProblem[] {
  if (logs.length < 2) return [];
  const names = logs.map(({ stack }) => stack).join(", ");
  const reason = `expected one stack of role log, got ${logs.length} (${names}); each is deployed, and members use the one of their fleet:logStack`;
  return logs.slice(1).map(({ stack }) => ({ stack, key: "fleet:role", reason }));
}

function noMember(
  logs: readonly StackSettings[],
  members: readonly StackSettings[],
): TogetherProblem[] {
  if (logs.length === 0 || members.length > 0) return [];
  const reason =
    "expected a stack of role member, which has the hosts, got none; write Pulumi.<stack>.yaml with fleet:role: member";
  return [{ key: "fleet:role", reason }];
}

/** The member stack makes the role that runs assume: an account without that stack, or a mistyped account, has no role. */
function noHome(
  logs: readonly StackSettings[],
  members: readonly StackSettings[],
): TogetherProblem[] {
  const known = members.flatMap(({ settings }) => textOf(settings["account"]) ?? []);
  return logs.flatMap(({ stack, settings }) =>
    (textsOf(settings["runAccounts"]) ?? []).flatMap((id, index) => {
      if (id === "*" || known.includes(id)) return [];
      const remedy =
        didYouMean(id, known) || "; runs find no role there until its stack is deployed";
      const reason = `expected the account of a stack of role member that has a file here (${known.join(", ") || "none"}), got "${id}"${remedy}`;
      return [{ stack, key: `fleet:runAccounts[${index}]`, reason }];
    }),
  );
}

function servedBy({ stack, settings }: StackSettings): Served {
  const { account, partition, prefix } = settings;
  const entries = settings["packages"];
  return {
    stack,
    account: textOf(account),
    partition: textOf(partition),
    prefix: textOf(prefix),
    regions: textsOf(settings["regions"]),
    ...(Array.isArray(entries) && { packages: sharesOf(entries) }),
  };
}

/** The accounts of a package stay unknown where its share is not written as a list of text. */
const sharesOf = (entries: readonly unknown[]): Served["packages"] =>
  Object.fromEntries(
    entries.filter(isRecord).map((entry): [string, "*" | readonly string[] | undefined] => {
      const share = entry["share"] ?? [];
      if (share === "*") return [String(entry["name"]), "*"];
      const written = typeof share === "string" ? share.split(",") : share;
      return [String(entry["name"]), textsOf(written)?.map((id) => id.trim())];
    }),
  );

function wantedBy(settings: StackSettings["settings"]): Wanted {
  const hosts = isRecord(settings["hosts"]) ? Object.entries(settings["hosts"]) : [];
  return {
    account: textOf(settings["account"]),
    prefix: textOf(settings["prefix"]),
    regions: textsOf(settings["regions"]),
    hosts: Object.fromEntries(
      hosts.map(([name, host]) => [name, (isRecord(host) && textsOf(host["packages"])) || []]),
    ),
  };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const textsOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
