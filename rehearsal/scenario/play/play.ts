import { AwsError } from "../../kernel/errors.js";
import { inject } from "./faults.js";
import { BOOTSTRAP_REQUEST, STATUS_TAG } from "../product.js";
import type { Action, Scenario } from "../schema/scenario.js";
import { milliseconds } from "../schema/scenario.js";
import { runsOf } from "../check/check.js";
import { playSchedules } from "./play-schedules.js";
import { startRun } from "./runs.js";
import type { Environment } from "../setup/environment.js";
import { hostNamed } from "../setup/lookup.js";
import { at, UserError } from "../../../lib/user-error.js";
import { imageInRegion } from "../../cloud/services/ec2/images.js";
import type { Instance } from "../../kernel/instance.js";

/**
 * Plays a scenario in its environment: faults first, then what happens, and then on until nothing is left to happen.
 * @throws UserError if the scenario names something that does not exist.
 */
export async function play(environment: Environment, scenario: Scenario): Promise<void> {
  for (const [index, fault] of scenario.given.faults.entries()) {
    await at(`${scenario.file}: given.faults[${index}]`, () => inject(environment, fault));
  }
  for (const [index, action] of scenario.when.entries()) {
    await at(`${scenario.file}: when[${index}]`, () => act(environment, action));
  }
  await environment.cloud.clock.run();
  for (const name of Object.keys(scenario.given.hosts)) {
    await at(`${scenario.file}: given.hosts.${name}`, () => hostNamed(environment, name));
  }
}

async function act(environment: Environment, action: Action): Promise<void> {
  const { clock } = environment.cloud;
  if ("wait" in action) await clock.run(clock.now + milliseconds(action.wait));
  else if ("settle" in action) await clock.run();
  else if ("schedules" in action) await playSchedules(environment.cloud);
  else if ("fault" in action) inject(environment, action.fault);
  else if ("until" in action) await until(environment, action.until);
  else if ("request" in action) await request(environment, action.request);
  else if ("run" in action) await startRun(environment, action.run);
  else if ("launch" in action) await launch(environment, action.launch);
  else if ("start" in action) await transition(environment, action.start, "StartInstances");
  else if ("stop" in action) await transition(environment, action.stop, "StopInstances");
  else if ("terminate" in action)
    await transition(environment, action.terminate, "TerminateInstances");
  else await tag(environment, action.tag);
}

/** Lets time pass until the timeline has a text, or a step begins. @throws UserError if that never happens */
async function until(
  environment: Environment,
  { text, host, step }: Extract<Action, { until: unknown }>["until"],
): Promise<void> {
  if (text === undefined && step === undefined)
    throw new UserError("until: expected a text of the timeline, or a step that begins");
  const { cloud } = environment;
  const instance = host === undefined ? undefined : hostNamed(environment, host);
  const begun = () =>
    (instance === undefined
      ? [...cloud.ssm.automations.executions.all()]
      : runsOf(environment, instance)
    ).flatMap(({ steps }) => steps.filter(({ name }) => name === step)).length;
  const entries = cloud.timeline.length;
  const steps = begun();
  const isTold = (wanted: string) =>
    cloud.timeline
      .slice(entries)
      .some(
        (entry) =>
          entry.text.includes(wanted) &&
          (instance === undefined || entry.instanceId === instance.id),
      );
  const isThere = () =>
    (text === undefined || isTold(text)) && (step === undefined || begun() > steps);
  await cloud.clock.run(undefined, isThere);
  if (isThere()) return;
  const what = [text && `the text "${text}"`, step && `the step ${step}`]
    .filter(Boolean)
    .join(" and ");
  throw new UserError(
    `until: nothing is left to happen, and ${what} never came${host === undefined ? "" : ` for ${host}`}`,
  );
}

/** Asks for a bootstrap as people and the product's own programs do. */
async function request(environment: Environment, host: string): Promise<void> {
  const { id } = hostNamed(environment, host);
  const Detail = JSON.stringify({ "instance-id": id, reason: "a scenario asks for it" });
  const entry = { ...BOOTSTRAP_REQUEST, Detail };
  await call(
    environment,
    hostNamed(environment, host),
    "PutEvents",
    { Entries: [entry] },
    "events",
  );
}

async function tag(
  environment: Environment,
  { host, set, remove }: Extract<Action, { tag: unknown }>["tag"],
): Promise<void> {
  const instance = hostNamed(environment, host);
  const Resources = [instance.id];
  const Tags = Object.entries(set).map(([Key, Value]) => ({ Key, Value }));
  if (Tags.length > 0) await call(environment, instance, "CreateTags", { Resources, Tags });
  if (remove.length > 0) {
    await call(environment, instance, "DeleteTags", {
      Resources,
      Tags: remove.map((Key) => ({ Key })),
    });
  }
}

async function transition(
  environment: Environment,
  host: string,
  operation: string,
): Promise<void> {
  const instance = hostNamed(environment, host);
  await call(environment, instance, operation, { InstanceIds: [instance.id] });
}

type Launch = Extract<Action, { launch: unknown }>["launch"];

async function launch(environment: Environment, wanted: Launch): Promise<void> {
  const like = hostNamed(environment, wanted.like);
  const copied = new Map([...like.tags].filter(([key]) => !key.startsWith(STATUS_TAG)));
  for (const [key, value] of Object.entries(wanted.tags)) copied.set(key, value);
  for (const key of wanted.without) copied.delete(key);
  const place = placeOf(environment, like, wanted.region);
  const run = (name: string) =>
    runInstance(environment, { ...like, ...place }, new Map([...copied, ["Name", name]]));
  if (wanted.count === undefined) return run(wanted.name);
  const between = milliseconds(wanted.within ?? "PT0S") / wanted.count;
  for (let number = 1; number <= wanted.count; number++) {
    const delay = Math.floor(between * (number - 1));
    environment.cloud.clock.spawn(() => run(`${wanted.name}-${number}`), delay);
  }
}

type Place = Pick<Instance, "region" | "imageId" | "subnetId" | "securityGroupIds">;

/**
 * Where a copy goes. Ids are of one Region: in another one it has that Region's image and subnet of the same names, and
 * the VPC's default security group, as nobody names one.
 * @throws UserError where the Region has no such subnet
 */
function placeOf({ cloud, regionNamed }: Environment, like: Instance, wanted = like.region): Place {
  const region = regionNamed(wanted);
  if (region === like.region) return like;
  const { network } = cloud.ec2;
  const subnet = network.subnetInRegion(like.account, like.region, like.subnetId, region);
  const imageId = imageInRegion(like.imageId, region);
  if (subnet === undefined || imageId === undefined) {
    throw new UserError(
      `launch.region: account ${like.account} has no VPC in ${region} like that in ${like.region}; there are VPCs in the Regions of a stack's config: add it there, or in given.config`,
    );
  }
  return { region, imageId, subnetId: subnet.id, securityGroupIds: [] };
}

async function runInstance(
  environment: Environment,
  like: Instance,
  tags: ReadonlyMap<string, string>,
): Promise<void> {
  await call(environment, like, "RunInstances", {
    ImageId: like.imageId,
    InstanceType: like.instanceType,
    SubnetId: like.subnetId,
    ...(like.securityGroupIds.length > 0 && { SecurityGroupIds: like.securityGroupIds }),
    ...(like.instanceProfileArn !== undefined && {
      IamInstanceProfile: { Arn: like.instanceProfileArn },
    }),
    TagSpecifications: [{ Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) }],
  });
}

async function call(
  { cloud }: Environment,
  { account, region }: Instance,
  operation: string,
  input: object,
  service = "ec2",
) {
  const principal = cloud.sts.operator(account);
  try {
    await cloud.call({ principal, account, region, service, operation, input });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new UserError(
      `${error.code}: ${error.message} (\`settle: true\` before it waits until nothing is left to happen)`,
    );
  }
}
