import type { Cloud } from "../../cloud/cloud.js";
import { AwsError } from "../../kernel/errors.js";
import { UserError } from "../../../lib/user-error.js";
import type { Scenario } from "../schema/scenario.js";
import type { NamedThing, Surroundings } from "./surroundings.js";
import { isVpcId } from "./surroundings.js";

interface Place {
  readonly account: string;
  readonly region: string;
}

/** Puts what stacks name and do not create into a cloud, and reports it: it is assumed to exist. */
export function surround(cloud: Cloud, around: Surroundings, { given }: Scenario): void {
  const report = (place: Place, text: string) => {
    const kind = "info" as const;
    cloud.report({ ...place, source: "Rehearsal", kind, text: `taken to be there: ${text}` });
  };
  if (given.vpcs === undefined) addVpcs(cloud, around, report);
  for (const { place, name } of placed(around.directories)) {
    if (name in given.directories) continue;
    const dnsIpAddresses = ["10.0.0.10", "10.0.2.10"];
    cloud.directoryService.add(place.account, place.region, {
      id: name,
      name: DOMAIN,
      dnsIpAddresses,
    });
    report(place, `directory ${name}, the domain ${DOMAIN}`);
  }
  for (const { place, name } of placed(around.secrets)) {
    addSecret(cloud, place, name);
    report(place, `parameter ${name}, a SecureString`);
  }
  for (const { place, name } of placed(around.documents)) {
    cloud.ssm.documents.addUnseen(place.account, place.region, name);
    report(place, `document ${name}`);
  }
  for (const { place, name } of placed(around.groups)) {
    cloud.resourceGroups.addGroup(place.account, place.region, name, EVERY_HOST);
    report(place, `resource group ${name}, of every host that has the tag ${EVERY_HOST}`);
  }
  for (const { arn, users } of around.keys) {
    const [, , , region = "", account = ""] = arn.split(":");
    cloud.kms.addKey(arn, users);
    report({ account, region }, `key ${arn}, whose policy lets the stacks' accounts use it`);
  }
  for (const id of around.people) cloud.identityCenter.addGroup(id);
  for (const account of around.accounts)
    report(
      { account, region: "" },
      `account ${account}, which has no stack file, in the organisation`,
    );
}

const DOMAIN = "corp.example.com";

/** The tag of hosts that the product looks after. */
const EVERY_HOST = "cf.ec2.bootstrap.enabled";

type Report = (place: Place, text: string) => void;

function placed(things: readonly NamedThing[]): { place: Place; name: string }[] {
  return things.flatMap(({ account, regions, name }) =>
    regions.map((region) => ({ place: { account, region }, name })),
  );
}

function addVpcs(cloud: Cloud, { vpcs }: Surroundings, report: Report): void {
  for (const { account, owner, regions, subnets, vpc } of vpcs) {
    for (const region of regions) {
      cloud.ec2.network.addVpc(account, region, vpc, { owner, subnets });
      const shared = owner === account ? "" : `, which ${owner} shares`;
      const more = subnets.length === 0 ? "" : `, with the private subnets ${subnets.join(", ")}`;
      const what = isVpcId(vpc) ? vpc : `VPC ${vpc}`;
      report({ account, region }, `${what}${shared}${more}, with a way to the internet`);
    }
  }
}

function addSecret({ ssm }: Cloud, place: Place, name: string): void {
  const value = "rehearsal";
  try {
    ssm.parameters.put(place, { name, value, type: "SecureString", tier: "Standard" });
  } catch (error) {
    // The program reports what is wrong with the name.
    if (!(error instanceof AwsError)) throw error;
  }
}

/** The VPCs that an account sees in a Region as a scenario gives them: one of its own by each name, or a shared one. */
export function addGivenVpcs(cloud: Cloud, { given }: Scenario, account: string, region: string) {
  if (given.vpcs === undefined) return;
  if (Array.isArray(given.vpcs)) {
    for (const name of given.vpcs) cloud.ec2.network.addVpc(account, region, name);
    return;
  }
  for (const [name, { internet, owner = account, tagged }] of Object.entries(given.vpcs)) {
    const settings = { internet, owner, tagged: tagged || owner === account };
    cloud.ec2.network.addVpc(account, region, name, settings);
  }
}

/** What people keep in Parameter Store without a stack. @throws UserError where AWS refuses it */
export function addParameters(
  { ssm }: Cloud,
  place: Place,
  stack: string,
  { file, given }: Scenario,
): void {
  for (const [name, parameter] of Object.entries(given.parameters[stack] ?? {})) {
    const isSecret = typeof parameter === "object";
    const value = isSecret ? parameter.secret : parameter;
    const type = isSecret ? "SecureString" : "String";
    try {
      ssm.parameters.put(place, { name, value, type, tier: "Intelligent-Tiering" });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new UserError(`${file}: given.parameters.${stack}.${name}: ${error.message}`);
    }
  }
}
