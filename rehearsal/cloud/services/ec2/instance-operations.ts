import type { Access } from "../../../kernel/access.js";
import { AwsError } from "../../../kernel/errors.js";
import type { Caller } from "../../../kernel/operation.js";
import { operation } from "../../../kernel/operation.js";
import type { Ec2Service, Ec2Cloud } from "./ec2.js";
import type { Instance, InstanceState } from "../../../kernel/instance.js";

interface RunInput {
  readonly ImageId: string;
  readonly InstanceType: string;
  readonly SubnetId: string;
  readonly SecurityGroupIds?: readonly string[];
  readonly IamInstanceProfile?: { readonly Arn: string };
  readonly TagSpecifications?: readonly { readonly Tags: TagsInput["Tags"] }[];
}

interface InstanceIds {
  readonly InstanceIds: readonly string[];
}

interface TagsInput {
  readonly Resources: readonly string[];
  readonly Tags: readonly { readonly Key: string; readonly Value?: string }[];
}

interface DescribeInput {
  readonly InstanceIds?: readonly string[];
  readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
}

/** The API operations on instances. */
export function instanceOperations(ec2: Ec2Service, cloud: Ec2Cloud) {
  return {
    RunInstances: operation<RunInput, object>({
      access: (input, caller) => launchAccess(cloud, input, caller),
      run: (input, { account, region }) => {
        const tags = (input.TagSpecifications ?? []).flatMap(({ Tags }) => Tags);
        const instance = ec2.launch({
          account,
          region,
          imageId: input.ImageId,
          instanceType: input.InstanceType,
          subnetId: input.SubnetId,
          securityGroupIds: input.SecurityGroupIds ?? [],
          ...(input.IamInstanceProfile !== undefined && {
            instanceProfileArn: input.IamInstanceProfile.Arn,
          }),
          tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value ?? ""])),
        });
        return { Instances: [describe(instance)] };
      },
    }),
    DescribeInstances: operation<DescribeInput, object>({
      access: (_input, caller) => [everything("ec2:DescribeInstances", caller)],
      run: (input, { account, region }) => {
        const all = ec2.instances.in(account, region);
        const chosen = input.InstanceIds?.map((id) => ec2.instance(account, region, id)) ?? [
          ...all.values(),
        ];
        const found = chosen.filter((instance) => matchesFilters(instance, input.Filters ?? []));
        return { Reservations: found.map((instance) => ({ Instances: [describe(instance)] })) };
      },
    }),
    CreateTags: operation<TagsInput, object>({
      access: (input, caller) => tagAccess(ec2, "ec2:CreateTags", input, caller),
      run: (input, { account, region }) => {
        const set = Object.fromEntries(input.Tags.map(({ Key, Value }) => [Key, Value ?? ""]));
        for (const [key, value] of Object.entries(set)) checkTag(key, value);
        for (const id of input.Resources) ec2.changeTags(ec2.instance(account, region, id), set);
        return {};
      },
    }),
    DeleteTags: operation<TagsInput, object>({
      access: (input, caller) => tagAccess(ec2, "ec2:DeleteTags", input, caller),
      run: (input, { account, region }) => {
        const keys = input.Tags.map(({ Key }) => Key);
        for (const id of input.Resources)
          ec2.changeTags(ec2.instance(account, region, id), {}, keys);
        return {};
      },
    }),
    StartInstances: transition(ec2, "ec2:StartInstances", (instance) => ec2.start(instance)),
    StopInstances: transition(ec2, "ec2:StopInstances", (instance) => ec2.stop(instance)),
    TerminateInstances: transition(ec2, "ec2:TerminateInstances", (instance) =>
      ec2.terminate(instance),
    ),
  };
}

function transition(ec2: Ec2Service, action: string, change: (instance: Instance) => void) {
  return operation<InstanceIds, object>({
    access: (input, { account, region }) =>
      input.InstanceIds.map((id) => instanceAccess(action, ec2.instance(account, region, id))),
    run: (input, { account, region }) => {
      for (const id of input.InstanceIds) change(ec2.instance(account, region, id));
      return {};
    },
  });
}

function launchAccess(cloud: Ec2Cloud, input: RunInput, { account, region }: Caller): Access[] {
  const resources = ["instance/*", "volume/*", "network-interface/*", `subnet/${input.SubnetId}`];
  for (const group of input.SecurityGroupIds ?? []) resources.push(`security-group/${group}`);
  const needed: Access[] = resources.map((resource) => ({
    action: "ec2:RunInstances",
    resource: cloud.arn("ec2", region, account, resource),
    resourceAccount: account,
  }));
  if (input.IamInstanceProfile === undefined) return needed;
  const role = cloud.iam.profileRole(input.IamInstanceProfile.Arn);
  const context = { "iam:PassedToService": "ec2.amazonaws.com" };
  return [
    ...needed,
    { action: "iam:PassRole", resource: role.arn, resourceAccount: account, context },
  ];
}

function instanceAccess(
  action: string,
  instance: Instance,
  context: Record<string, string | string[]> = {},
): Access {
  const tags = [...instance.tags].map(([key, value]) => [`aws:ResourceTag/${key}`, value]);
  return {
    action,
    resource: instance.arn,
    resourceAccount: instance.account,
    context: { ...(Object.fromEntries(tags) as Record<string, string>), ...context },
  };
}

function tagAccess(
  ec2: Ec2Service,
  action: string,
  input: TagsInput,
  { account, region }: Caller,
): Access[] {
  const requested = input.Tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value ?? ""]);
  const context = {
    ...(Object.fromEntries(requested) as Record<string, string>),
    "aws:TagKeys": input.Tags.map(({ Key }) => Key),
  };
  return input.Resources.map((id) =>
    instanceAccess(action, ec2.instance(account, region, id), context),
  );
}

function everything(action: string, { account }: Caller): Access {
  return { action, resource: "*", resourceAccount: account };
}

/** Source: EC2 user guide, "Tag your Amazon EC2 resources", restrictions. */
function checkTag(key: string, value: string): void {
  if (
    key.length < 1 ||
    key.length > 128 ||
    value.length > 256 ||
    key.toLowerCase().startsWith("aws:")
  ) {
    throw new AwsError(
      "InvalidParameterValue",
      `Tag "${key}" (${key.length} characters) with a value of ${value.length} characters: keys have 1-128, values 0-256, and aws: is reserved`,
    );
  }
}

function matchesFilters(
  instance: Instance,
  filters: NonNullable<DescribeInput["Filters"]>,
): boolean {
  return filters.every(({ Name, Values }) => {
    if (Name === "instance-id") return Values.includes(instance.id);
    if (Name === "instance-state-name") return Values.includes(instance.state);
    if (Name.startsWith("tag:")) return Values.includes(instance.tags.get(Name.slice(4)) ?? "\0");
    if (Name === "tag-key") return Values.some((key) => instance.tags.has(key));
    throw new AwsError("InvalidParameterValue", `The filter '${Name}' is invalid`);
  });
}

const STATE_CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** An instance in the shape of DescribeInstances. `Platform` is absent for Linux, as AWS has it. */
function describe(instance: Instance) {
  const windows = instance.os.platformType === "Windows";
  return {
    InstanceId: instance.id,
    ImageId: instance.imageId,
    InstanceType: instance.instanceType,
    SubnetId: instance.subnetId,
    PrivateIpAddress: instance.privateIp,
    Architecture: instance.os.architecture,
    PlatformDetails: windows ? "Windows" : "Linux/UNIX",
    ...(windows && { Platform: "windows" }),
    State: { Name: instance.state, Code: STATE_CODES[instance.state] },
    Tags: [...instance.tags].map(([Key, Value]) => ({ Key, Value })),
    LaunchTime: new Date(instance.launchTime),
  };
}
