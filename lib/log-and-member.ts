// Whether a log stack has what its member needs. The program compares the log stack's outputs, the rehearsal the files
// of both stacks.

/** What a log stack gives its members; undefined where that is not known. */
export interface Served {
  /** Its name, for messages. */
  readonly stack: string;
  readonly account?: string;
  readonly partition?: string;
  readonly regions?: readonly string[];
  readonly prefix?: string;
  /** Accounts by package; `*`: all of the organisation. */
  readonly packages?: Readonly<Record<string, "*" | readonly string[] | undefined>>;
}

/** What a member wants; undefined where that is not known. */
export interface Wanted {
  readonly account?: string;
  readonly partition?: string;
  readonly regions?: readonly string[];
  readonly prefix?: string;
  /** Packages by host, in their order. */
  readonly hosts: Readonly<Record<string, readonly string[]>>;
}

export interface Mismatch {
  /** `fleet:regions[0]`, of the member */
  readonly key: string;
  readonly reason: string;
}

/** All that a member wants and the log stack does not give. */
export function mismatches(served: Served, wanted: Wanted): Mismatch[] {
  const { account, partition, prefix } = wanted;
  const problems: Mismatch[] = [];
  const stack = `stack "${served.stack}"`;
  const differs = (one?: string, other?: string) =>
    one !== undefined && other !== undefined && one !== other;
  if (account !== undefined && account === served.account) {
    const reason = `expected an account of its own, got "${account}", which is that of ${stack}; hosts live in other accounts`;
    problems.push({ key: "fleet:account", reason });
  }
  if (differs(served.partition, partition)) {
    const reason = `expected ${served.partition ?? ""} as in ${stack}, got ${partition ?? ""}; nothing is shared between partitions`;
    problems.push({ key: "fleet:partition", reason });
  }
  if (differs(served.prefix, prefix)) {
    const reason = `expected "${served.prefix ?? ""}" as in ${stack}, got "${prefix ?? ""}"; each looks for names of the other that begin so: set the same in both`;
    problems.push({ key: "fleet:prefix", reason });
  }
  return [...problems, ...regionProblems(served, wanted), ...packageProblems(served, wanted)];
}

function regionProblems(served: Served, { regions = [] }: Wanted): Mismatch[] {
  const known = served.regions ?? regions;
  return regions.flatMap((region, index) => {
    if (known.includes(region)) return [];
    const reason = `expected a Region of stack "${served.stack}" (${known.join(", ")}), got "${region}"; add it there first`;
    return [{ key: `fleet:regions[${index}]`, reason }];
  });
}

function packageProblems({ stack, packages }: Served, { account, hosts }: Wanted): Mismatch[] {
  if (packages === undefined) return [];
  const published = Object.keys(packages).sort();
  return Object.entries(hosts).flatMap(([host, wanted]) =>
    wanted.flatMap((name, index) => {
      const key = `fleet:hosts.${host}.packages[${index}]`;
      if (!published.includes(name)) {
        const reason = `expected a package of stack "${stack}" (${published.join(", ") || "none yet"}), got "${name}"; publish it there first`;
        return [{ key, reason }];
      }
      const accounts = packages[name];
      if (account === undefined || accounts === undefined) return [];
      if (accounts === "*" || accounts.includes(account)) return [];
      const others = accounts.join(", ") || "no account";
      const reason = `expected a package that stack "${stack}" shares with ${account}, got "${name}", which is shared with ${others}; add the account to its share there`;
      return [{ key, reason }];
    }),
  );
}
