import type { InstanceInformation } from "@aws-sdk/client-ssm";
import { paginateDescribeInstanceInformation } from "@aws-sdk/client-ssm";
import { paginateListGroupResources } from "@aws-sdk/client-resource-groups";
import pLimit from "p-limit";
import type { Identity } from "./aws.js";
import { isCode, wordsOf } from "./aws.js";
import type { LogStack } from "./log-stack.js";
import type { Member } from "./organisation.js";
import type { Target } from "./request.js";
import { chunks } from "../../lib/lists.js";

/** A managed host that a target matches. */
export interface Host {
  readonly id: string;
  readonly name: string;
  readonly platform: "Linux" | "Windows" | "MacOS";
  /** Its agent reported a short while ago. */
  readonly isOnline: boolean;
  readonly agent: string;
}

/** An account and Region, with the hosts there that the target matches. */
export interface Place {
  readonly account: string;
  readonly name: string;
  readonly region: string;
  readonly hosts: readonly Host[];
  /** Why it cannot be read. */
  readonly cause?: string;
}

/** Accounts that are read at once: their quotas are their own, this machine's connections are not. */
const MAX_PARALLEL_CALLS = 48;
/** Source: API reference, DescribeInstanceInformation, MaxResults. */
const PAGE = 50;

/** Reads each account by the reader's role; one that cannot be read has the cause, and the others go on. */
export async function placesOf(
  members: readonly Member[],
  regions: readonly string[],
  target: Target,
  log: LogStack,
  operator: Identity,
): Promise<readonly Place[]> {
  const limit = pLimit(MAX_PARALLEL_CALLS);
  const lists = await Promise.all(
    members.map((member) => limit(() => placesIn(member, regions, target, log, operator))),
  );
  return lists.flat();
}

async function placesIn(
  { id: account, name }: Member,
  regions: readonly string[],
  target: Target,
  log: LogStack,
  operator: Identity,
): Promise<Place[]> {
  let reader: Identity;
  try {
    reader = await operator.assume(log.home, readerArn(log, account));
  } catch (error) {
    const cause = wordsOf(error);
    return regions.map((region) => ({ account, name, region, hosts: [], cause }));
  }
  try {
    return await Promise.all(
      regions.map(async (region) => {
        try {
          return { account, name, region, hosts: await hostsAt(reader, region, target) };
        } catch (error) {
          return { account, name, region, hosts: [], cause: wordsOf(error) };
        }
      }),
    );
  } finally {
    reader.close();
  }
}

export function readerArn({ partition, readerRoleName }: LogStack, account: string): string {
  return `arn:${partition}:iam::${account}:role/${readerRoleName}`;
}

async function hostsAt(reader: Identity, region: string, { key, values }: Target): Promise<Host[]> {
  if (key.startsWith("tag:")) return described(reader, region, { Key: key, Values: [...values] });
  const ids =
    key === "InstanceIds" ? values : await instancesOfGroup(reader, region, values[0] ?? "");
  const found: Host[] = [];
  for (const Values of chunks(ids, PAGE)) {
    found.push(...(await described(reader, region, { Key: "InstanceIds", Values })));
  }
  return found;
}

async function described(
  reader: Identity,
  region: string,
  filter: { readonly Key: string; readonly Values: string[] },
): Promise<Host[]> {
  const found: Host[] = [];
  const pages = paginateDescribeInstanceInformation(
    { client: reader.ssm(region), pageSize: PAGE },
    { Filters: [filter] },
  );
  for await (const { InstanceInformationList = [] } of pages)
    found.push(...InstanceInformationList.map(hostOf));
  return found;
}

function hostOf(information: InstanceInformation): Host {
  return {
    id: information.InstanceId ?? "",
    name: information.ComputerName ?? information.Name ?? "",
    platform: information.PlatformType ?? "Linux",
    isOnline: information.PingStatus === "Online",
    agent: information.AgentVersion ?? "",
  };
}

/** Instances of a resource group; an account without such a group has none. */
async function instancesOfGroup(
  reader: Identity,
  region: string,
  Group: string,
): Promise<readonly string[]> {
  const found: string[] = [];
  try {
    const client = reader.resourceGroups(region);
    const Filters = [{ Name: "resource-type" as const, Values: ["AWS::EC2::Instance"] }];
    for await (const { Resources = [] } of paginateListGroupResources(
      { client },
      { Group, Filters },
    )) {
      for (const { Identifier } of Resources) {
        const arn = Identifier?.ResourceArn ?? "";
        found.push(arn.slice(arn.lastIndexOf("/") + 1));
      }
    }
  } catch (error) {
    if (!isCode(error, "NotFoundException")) throw error;
  }
  return found;
}
