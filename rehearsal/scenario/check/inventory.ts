import type { Instance } from "../../kernel/instance.js";
import type { HostCheck } from "../schema/scenario.js";
import type { Environment } from "../setup/environment.js";
import type { CheckResult } from "./result.js";

/** Compares a host's inventory and compliance with what a scenario expects. */
export function checkCollected(
  { cloud }: Environment,
  { account, region, id }: Instance,
  name: string,
  { inventory, compliance }: Pick<HostCheck, "inventory" | "compliance">,
): CheckResult[] {
  const { ssm } = cloud;
  const rows = [...ssm.inventory.ofHost(account, region, id)].map(
    ([type, { Content = [] }]) => [type, Content] as const,
  );
  const items = ssm.compliance
    .ofHost(account, region, id)
    .map(
      (kept) =>
        [
          kept.type,
          Object.fromEntries(kept.items.map(({ Title = "", Status }) => [Title, Status])),
        ] as const,
    );
  return [
    ...equal(`${name}: inventory`, inventory, Object.fromEntries(rows)),
    ...equal(`${name}: compliance`, compliance, Object.fromEntries(items)),
  ];
}

function equal(subject: string, wanted: object | undefined, found: object): CheckResult[] {
  if (wanted === undefined) return [];
  const [a, b] = [ordered(wanted), ordered(found)];
  return [{ expectation: `${subject} is ${a}`, holds: a === b, ...(a !== b && { found: b }) }];
}

/** As JSON, the names of every object in order. */
const ordered = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
