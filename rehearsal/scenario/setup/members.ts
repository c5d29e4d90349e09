import { z } from "zod";
import type { Cloud } from "../../cloud/cloud.js";
import { imageOfParameter } from "../../cloud/services/ec2/images.js";
import type { DeployedStack } from "../../program/program.js";
import type { StackFile } from "../../program/stack-files.js";
import { UserError } from "../../../lib/user-error.js";
import { accountId } from "./organization.js";

const text = z.string().min(1);

/** The first of the accounts without a given id. */
const FIRST_ACCOUNT = 300_000_000_001;

/** Hosts that were there before: launched and registered long ago. */
const givenHosts = z.strictObject({
  count: z.int().min(1).max(1000),
  tags: z.record(z.string(), z.coerce.string()).default({}),
});

/** Member accounts like one that has a stack file, each with its own stack. */
const entry = z
  .strictObject({
    /** The stack whose settings they have, but for the account. */
    like: text,
    count: z.int().min(1).max(1000).optional(),
    /** Their ids instead of a count. */
    accounts: z.array(accountId).min(1).optional(),
    /** Their stacks are `<name>-1` and so on. */
    name: text.optional(),
    /** The organisational unit that they are in, by its path: `Workloads/Production`. */
    unit: text.optional(),
    /** Settings instead of those of the stack: key without the namespace, value. */
    config: z.record(z.string(), z.unknown()).default({}),
    hosts: z
      .union([z.int().min(1).max(1000), givenHosts])
      .transform((given) => (typeof given === "number" ? { count: given, tags: {} } : given))
      .optional(),
  })
  .refine(({ accounts, count }) => (accounts === undefined) !== (count === undefined), {
    message: "expected either count or accounts",
  });

export const givenMembers = z.array(entry).default([]);
export type GivenMembers = z.infer<typeof givenMembers>;
type Hosts = NonNullable<GivenMembers[number]["hosts"]>;

/** The stack of one more member account. */
export interface Member {
  readonly stack: StackFile;
  readonly account: string;
  readonly unit?: string;
  readonly hosts?: Hosts;
}

/**
 * The stacks of the member accounts that a scenario adds.
 * @param like the settings of a stack, as the scenario has them
 * @throws UserError where names or accounts are there twice
 */
export function membersOf(
  given: GivenMembers,
  project: string,
  like: (stack: string) => StackFile,
  taken: ReadonlySet<string>,
): Member[] {
  const members: Member[] = [];
  const seen = new Set(taken);
  let next = FIRST_ACCOUNT;
  for (const {
    accounts,
    config,
    count = 0,
    hosts,
    like: name,
    name: prefix = name,
    unit,
  } of given) {
    const original = like(name);
    const ids = accounts ?? Array.from({ length: count }, () => String(next++));
    for (const [index, account] of ids.entries()) {
      const stackName = `${prefix}-${index + 1}`;
      for (const thing of [account, stackName]) {
        if (seen.has(thing)) throw new UserError(`given.members: ${thing} is there twice`);
        seen.add(thing);
      }
      const own = Object.entries(config).map(([key, value]) => [
        key.includes(":") ? key : `${project}:${key}`,
        value,
      ]);
      const settings = {
        ...original.config,
        ...(Object.fromEntries(own) as Record<string, unknown>),
        [`${project}:account`]: account,
      };
      members.push({
        stack: { ...original, name: stackName, config: settings },
        account,
        ...(unit !== undefined && { unit }),
        ...(hosts !== undefined && { hosts }),
      });
    }
  }
  return members;
}

const IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

/**
 * Puts a member's hosts in place, as if they had been launched and had registered long ago: no event is raised. They
 * have the profile that the stack exports for instances that others launch.
 */
export function placeHosts(
  cloud: Cloud,
  { name, account, outputs }: DeployedStack,
  region: string,
  { count, tags }: Hosts,
): void {
  const profile = outputs["instanceProfile"];
  if (typeof profile !== "string") {
    throw new UserError(
      `given.members: stack ${name} exports no instanceProfile, which its hosts would have`,
    );
  }
  const subnetId = cloud.ec2.network.privateSubnet(account, region);
  const imageId = imageOfParameter(IMAGE, region);
  if (subnetId === undefined || imageId === undefined)
    throw new UserError(`given.members: account ${account} has no VPC in ${region} for hosts`);
  const instanceProfileArn = cloud.iam.profileArn(account, profile);
  for (let number = 1; number <= count; number++) {
    cloud.ec2.place({
      ...{ account, region, imageId, subnetId, instanceProfileArn },
      instanceType: "t3.micro",
      securityGroupIds: [],
      tags: { Name: `${name}-host-${number}`, ...tags },
    });
  }
}
