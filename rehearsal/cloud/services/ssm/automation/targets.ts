import type { Runbook } from "../../../../../runbooks/loader/runbook.js";
import { AwsError } from "../../../../kernel/errors.js";
import type { Principal } from "../../../../kernel/principal.js";
import type { AutomationCloud } from "./automations.js";
import type { MultiTargetInput, Target, TargetMap } from "../../../../runbook/multi-target.js";
import { own } from "../../../../own.js";

/** The key of targets that are values of the target parameter themselves. */
const VALUES = "ParameterValues";
/** The key of targets that are all instances. */
const INSTANCES = "AWS::EC2::Instance";

/** What of a document's target types the local cloud can find: it indexes the tags of no other resources. */
const FOUND_TYPE = "/AWS::EC2::Instance";

const invalid = (text: string) =>
  new AwsError("InvalidAutomationExecutionParametersException", text);

/** The parameters whose values come from the targets. */
export function targetParameters(input: MultiTargetInput): readonly string[] {
  const { TargetMaps = [], TargetParameterName } = input;
  const inLocations = (input.TargetLocations ?? []).some(({ Targets = [] }) => Targets.length > 0);
  const named = (input.Targets?.length ?? 0) > 0 || inLocations ? [TargetParameterName ?? ""] : [];
  return [...named, ...TargetMaps.flatMap(Object.keys)];
}

/**
 * What AWS checks of targets before it accepts a start. The message about one tag is AWS's (aws/aws-cli#8627); of the
 * others the API reference and the User Guide, "Mapping targets for an automation", have the rule only.
 * @throws AwsError InvalidAutomationExecutionParametersException
 */
export function checkTargets(runbook: Runbook, input: MultiTargetInput): void {
  const { TargetLocations = [], TargetMaps = [], TargetParameterName, Targets = [] } = input;
  if (Targets.length > 0 && TargetMaps.length > 0)
    throw invalid("Both Targets and TargetMaps can't be specified together.");
  const lists = [Targets, ...TargetLocations.map((location) => location.Targets ?? [])];
  const given = lists.filter((list) => list.length > 0);
  for (const list of given) checkList(list);
  if (given.length > 0 && TargetParameterName === undefined)
    throw invalid("TargetParameterName is required if you specify Targets.");
  const nothing = given.length === 0 && TargetMaps.length === 0;
  if (TargetParameterName !== undefined && nothing)
    throw invalid("Targets are required if you specify TargetParameterName.");
  for (const name of targetParameters(input)) {
    if (own(runbook.parameters, name) === undefined)
      throw invalid(`The target parameter ${name} is no parameter of the document.`);
    if (name === "AutomationAssumeRole")
      throw invalid("AutomationAssumeRole isn't a valid target parameter.");
  }
}

function checkList(targets: readonly Target[]): void {
  const keys = targets.map(({ Key }) => Key);
  if (keys.length > 1) throw invalid("Only one resource group or tag can be specified at a time");
  for (const { Key, Values } of targets) {
    const isSupported = Key === VALUES || Key === INSTANCES || /^(tag:.+|ResourceGroup)$/.test(Key);
    if (!isSupported) throw invalid(`The target key ${Key} is not supported.`);
    if (Values.length === 0) throw invalid(`The target key ${Key} has no values.`);
    if (Key === INSTANCES && Values.join() !== "*")
      throw invalid(
        `The target key ${INSTANCES} takes the value * only, got ${Values.join(", ")}.`,
      );
    if (Key === "ResourceGroup" && Values.length > 1)
      throw invalid("Only one resource group or tag can be specified at a time");
  }
}

/** The principal that looks for targets, its account and Region. */
interface Seeker {
  readonly cloud: AutomationCloud;
  readonly principal: Principal;
  readonly account: string;
  readonly region: string;
}

/**
 * One child's parameters for each target.
 * @throws AwsError where the caller may not look for resources
 */
export async function resolveTargets(
  input: MultiTargetInput,
  targetType: string | undefined,
  seeker: Seeker,
): Promise<readonly TargetMap[]> {
  if (input.TargetMaps !== undefined && input.TargetMaps.length > 0) return input.TargetMaps;
  const { TargetParameterName: name = "", Targets: [target] = [] } = input;
  if (target === undefined) return [];
  const values =
    target.Key === VALUES ? target.Values : await resourcesOf(target, targetType, seeker);
  return values.map((value) => ({ [name]: [value] }));
}

async function resourcesOf(
  { Key, Values }: Target,
  targetType: string | undefined,
  { account, cloud, principal, region }: Seeker,
): Promise<readonly string[]> {
  if (Key === "ResourceGroup")
    return membersOf(Values[0] ?? "", { cloud, principal, account, region });
  if (targetType !== FOUND_TYPE) {
    const type = targetType ?? "none";
    cloud.reportNotRehearsed(`targets by ${Key} of documents with the target type ${type}`);
  }
  const running = [...cloud.ec2.instances.in(account, region).values()].filter(
    ({ state }) => state !== "terminated",
  );
  if (Key === INSTANCES) return running.map(({ id }) => id);
  // Source: AWS's templates of the execution role, which allow it beside AmazonSSMAutomationRole.
  await cloud.authorise(principal, region, [
    { action: "tag:GetResources", resource: "*", resourceAccount: account },
  ]);
  const key = Key.slice("tag:".length);
  return running.filter(({ tags }) => Values.includes(tags.get(key) ?? "\0")).map(({ id }) => id);
}

/** The members of a group that is called so in the automation's own account and Region. */
async function membersOf(
  Group: string,
  { account, cloud, principal, region }: Seeker,
): Promise<readonly string[]> {
  const call = { principal, account, region, service: "resource-groups" };
  const found: string[] = [];
  for (let NextToken: string | undefined; ;) {
    const page = await cloud.call<{
      ResourceIdentifiers: readonly { ResourceArn: string }[];
      NextToken?: string;
    }>({
      ...call,
      operation: "ListGroupResources",
      input: { Group, ...(NextToken !== undefined && { NextToken }) },
    });
    // What the group's query finds here are instances.
    found.push(...page.ResourceIdentifiers.map(({ ResourceArn: arn }) => arn.replace(/^.*\//, "")));
    NextToken = page.NextToken;
    if (NextToken === undefined) return found;
  }
}
