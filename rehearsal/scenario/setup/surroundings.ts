import { isOwnDocument } from "../product.js";
import type { Settings } from "./settings.js";
import { logOf } from "./settings.js";

/** A VPC that a stack names, as one of its accounts sees it. */
export interface NamedVpc {
  readonly account: string;
  readonly regions: readonly string[];
  /** Its `Name` tag, or its id. */
  readonly vpc: string;
  readonly owner: string;
  /** Names or ids of private subnets that it has beside its usual ones. */
  readonly subnets: readonly string[];
}

/** Something in an account and its Regions. */
export interface NamedThing {
  readonly account: string;
  readonly regions: readonly string[];
  readonly name: string;
}

/** What stacks name and do not create: whoever deploys them has it. */
export interface Surroundings {
  readonly vpcs: readonly NamedVpc[];
  /** Directories, by their ids. */
  readonly directories: readonly NamedThing[];
  /** Secrets in Parameter Store. */
  readonly secrets: readonly NamedThing[];
  /** Documents and runbooks. */
  readonly documents: readonly NamedThing[];
  /** Resource groups. */
  readonly groups: readonly NamedThing[];
  /** ARNs of KMS keys, and the accounts that may use them. */
  readonly keys: readonly { readonly arn: string; readonly users: readonly string[] }[];
  /** The account that administers IAM Identity Center. */
  readonly identityCenter?: string;
  /** Ids of groups of IAM Identity Center. */
  readonly people: readonly string[];
  /** Ids of accounts of the organisation without a stack. */
  readonly accounts: readonly string[];
}

export function surroundingsOf(stacks: readonly Settings[]): Surroundings {
  const members = stacks.filter(({ role }) => role === "member");
  const center = stacks.find(({ identityCenter }) => isCenter(identityCenter));
  const users = stacks.map(({ account }) => account);
  return {
    vpcs: vpcsOf(members),
    directories: members.flatMap((member) =>
      homeOf(member, unique(Object.values(member.hosts).flatMap(({ domain }) => domain ?? []))),
    ),
    secrets: members.flatMap((member) => everywhere(member, secretsFor(stacks, member))),
    documents: members.flatMap((member) => everywhere(member, documentsOf(member))),
    groups: members.flatMap((member) => everywhere(member, groupsOf(member))),
    keys: stacks.flatMap(({ kmsKeyArn: arn }) => (arn === undefined ? [] : [{ arn, users }])),
    ...(center !== undefined && { identityCenter: center.account }),
    people: stacks.flatMap(({ identityCenter }) => identityCenter?.groupId ?? []),
    accounts: accountsOf(stacks),
  };
}

/** A setting that is `{}` is not set. */
const isCenter = (setting: Settings["identityCenter"]): boolean =>
  setting !== undefined && setting.accounts.length > 0;

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

const everywhere = ({ account, regions }: Settings, names: readonly string[]): NamedThing[] =>
  unique(names).map((name) => ({ account, regions, name }));

const homeOf = ({ account, regions }: Settings, names: readonly string[]): NamedThing[] =>
  names.map((name) => ({ account, regions: regions.slice(0, 1), name }));

/** An id that several accounts name is of one VPC, which one of them shares. */
function vpcsOf(members: readonly Settings[]): NamedVpc[] {
  return members.flatMap((member) => {
    const { account, hosts, regions, vpc } = member;
    if (vpc === undefined) return [];
    const subnets = unique(Object.values(hosts).flatMap(({ subnet }) => subnet ?? []));
    const seenIn = isVpcId(vpc) ? regions.slice(0, 1) : regions;
    return [{ account, regions: seenIn, vpc, owner: ownerOf(members, member), subnets }];
  });
}

export const isVpcId = (vpc: string): boolean => /^vpc-[0-9a-f]+$/.test(vpc);

/** Only the owner can make endpoints, and says who else may use them. Of a name each account has a VPC of its own. */
function ownerOf(members: readonly Settings[], { account, vpc = "" }: Settings): string {
  const seen = members.filter((member) => member.vpc === vpc);
  const sharer = seen.find(({ endpointAccounts }) => endpointAccounts.includes(account));
  if (sharer !== undefined || !isVpcId(vpc)) return sharer?.account ?? account;
  const maker = seen.find(({ endpoints }) => endpoints.length > 0);
  return (maker ?? seen[0])?.account ?? account;
}

/** Any host of a member may ask for any package, so each secret is in each member's account. */
function secretsFor(stacks: readonly Settings[], member: Settings): string[] {
  const packages = logOf(stacks, member)?.packages ?? [];
  return packages.flatMap(({ secrets }) => Object.values(secrets));
}

/** AWS's documents exist everywhere. One with a name of the stack's own is made by the stack, or is a mistake. */
const documentsOf = ({ prefix, schedules }: Settings): string[] =>
  Object.values(schedules)
    .flatMap(({ document, runbook }) => document ?? runbook ?? [])
    .filter((name) => !/^(aws|amazon|amzn)/i.test(name) && !isOwnDocument(prefix, name));

function groupsOf({ collect, schedules }: Settings): string[] {
  return [...Object.values(schedules), ...Object.values(collect)].flatMap(
    ({ target = "" }) => /^resource-group:(.+)$/.exec(target)?.[1] ?? [],
  );
}

function accountsOf(stacks: readonly Settings[]): string[] {
  const own = new Set(stacks.map(({ account }) => account));
  const named = stacks.flatMap((stack) => [
    ...stack.runAccounts,
    ...stack.endpointAccounts,
    ...(stack.identityCenter?.accounts ?? []),
    ...stack.packages.flatMap(({ share }) => shared(share)),
    ...[stack.kmsKeyArn ?? "", ...stack.runners, ...stack.sessionUsers].map(accountIn),
  ]);
  return unique(named).filter((id) => /^\d{12}$/.test(id) && !own.has(id));
}

/** The accounts of `"1…, 2…"` or of a list. */
function shared(share: unknown): string[] {
  const ids: unknown[] = typeof share === "string" ? share.split(",") : [share].flat();
  return ids.flatMap((id) => (typeof id === "string" ? [id.trim()] : []));
}

const accountIn = (arn: string): string => /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1] ?? "";
