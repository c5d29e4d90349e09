import type { Arn } from "../../../kernel/arn.js";
import type { EventBus, RoleSessions } from "../../../kernel/ports.js";
import type { Kernel } from "../../../kernel/kernel.js";
import { AccessDenied, AwsError } from "../../../kernel/errors.js";
import { LATENCY } from "../../../kernel/latency.js";
import type { RoleSession } from "../../../kernel/principal.js";
import { Regional } from "../../../kernel/regional.js";
import type { Service } from "../../../kernel/resource.js";
import { imageOf } from "./images.js";
import type { Instance, InstanceState } from "../../../kernel/instance.js";
import { instanceOperations } from "./instance-operations.js";
import { instanceResource } from "./instance-resource.js";
import { Network } from "./network.js";

/** The inputs of a launch. */
export interface LaunchRequest {
  readonly account: string;
  readonly region: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  readonly instanceProfileArn?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What EC2 uses of the rest of the cloud. */
export interface Ec2Cloud extends Kernel {
  readonly events: EventBus;
  readonly sts: RoleSessions;
  readonly iam: {
    /** The role that an instance profile holds. @throws AwsError NoSuchEntity */
    profileRole(profileArn: Arn): { readonly arn: Arn; readonly account: string };
    /** The ARN of an instance profile of an account. @throws AwsError as RunInstances does */
    profileArn(account: string, name: string): Arn;
  };
  readonly ssm: {
    /** The agents, which live and end with their instances. */
    readonly agents: {
      instanceStarted(instance: Instance): void;
      instanceThere(instance: Instance): void;
      instanceStopped(instance: Instance): void;
      instanceTerminated(instance: Instance): void;
    };
  };
}

/** EC2: instances that start, stop and carry tags, and raise the events that EC2 and the tagging service raise. */
export class Ec2Service implements Service {
  readonly instances = new Regional<Instance>();
  readonly network: Network;
  readonly invokes: Network["invokes"];
  readonly resourceTypes;
  readonly operations;
  private addresses = 10;
  private tagVersions = 0;

  constructor(private readonly cloud: Ec2Cloud) {
    this.network = new Network(cloud);
    this.invokes = this.network.invokes;
    this.resourceTypes = [...this.network.resourceTypes, instanceResource(this, cloud)];
    this.operations = instanceOperations(this, cloud);
  }

  /** @throws AwsError InvalidInstanceID.NotFound */
  instance(account: string, region: string, id: string): Instance {
    const found = this.instances.in(account, region).get(id);
    if (found !== undefined) return found;
    throw new AwsError("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);
  }

  /** Launches an instance; it is `running` a while later. @throws AwsError as RunInstances does */
  launch(request: LaunchRequest): Instance {
    const instance = this.make(request, "pending");
    this.stateChanged(instance);
    // AWS raises a tag event for the tags of a launch too.
    if (instance.tags.size > 0) this.tagsChanged(instance, [...instance.tags.keys()]);
    this.become(instance, "running", LATENCY.instanceStarts);
    return instance;
  }

  /** Puts an instance in place that has been running for long: it raises no event. @throws AwsError as RunInstances does */
  place(request: LaunchRequest): Instance {
    const instance = this.make(request, "running");
    this.cloud.ssm.agents.instanceThere(instance);
    return instance;
  }

  private make(request: LaunchRequest, state: InstanceState): Instance {
    const { account, region, imageId, subnetId } = request;
    const image = imageOf(imageId, region);
    if (image === undefined) {
      throw new AwsError("InvalidAMIID.NotFound", `The image id '[${imageId}]' does not exist`);
    }
    const { os, parameter, assumed } = image;
    if (assumed !== undefined)
      this.cloud.reportNotRehearsed(`image ${parameter}: the host is rehearsed as ${assumed}`);
    const subnet = this.network.subnet(account, region, subnetId);
    for (const group of request.securityGroupIds) this.network.checkGroup(account, region, group);
    const id = this.cloud.ids.ec2("i", `${account} ${region} ${request.tags["Name"] ?? ""}`);
    const host = this.addresses++;
    const instance: Instance = {
      id,
      arn: this.cloud.arn("ec2", region, account, `instance/${id}`),
      account,
      region,
      imageId,
      instanceType: request.instanceType,
      subnetId,
      availabilityZone: subnet.availabilityZone,
      securityGroupIds: request.securityGroupIds,
      privateIp: subnet.cidrBlock.replace(/\d+\.0\/24$/, `${(host >> 8) & 255}.${host & 255}`),
      ...(request.instanceProfileArn !== undefined && {
        instanceProfileArn: request.instanceProfileArn,
      }),
      os,
      state,
      launchTime: this.cloud.clock.now,
      tags: new Map(Object.entries(request.tags)),
    };
    this.instances.in(account, region).set(id, instance);
    return instance;
  }

  /** @throws AwsError IncorrectInstanceState */
  start(instance: Instance): void {
    if (instance.state === "running" || instance.state === "pending") return;
    if (instance.state !== "stopped") throw wrongState(instance, "started");
    instance.launchTime = this.cloud.clock.now;
    this.setState(instance, "pending");
    this.become(instance, "running", LATENCY.instanceStarts);
  }

  /** @throws AwsError IncorrectInstanceState */
  stop(instance: Instance): void {
    if (instance.state === "stopped" || instance.state === "stopping") return;
    if (instance.state !== "running") throw wrongState(instance, "stopped");
    this.setState(instance, "stopping");
    this.cloud.ssm.agents.instanceStopped(instance);
    this.become(instance, "stopped", LATENCY.instanceStops);
  }

  terminate(instance: Instance): void {
    if (instance.state === "terminated" || instance.state === "shutting-down") return;
    this.setState(instance, "shutting-down");
    this.cloud.ssm.agents.instanceTerminated(instance);
    this.become(instance, "terminated", LATENCY.instanceStops);
  }

  /** Sets and removes tags; what changed raises one tag event. */
  changeTags(
    instance: Instance,
    set: Readonly<Record<string, string>>,
    remove: readonly string[] = [],
  ): void {
    const changed = Object.entries(set).filter(([key, value]) => instance.tags.get(key) !== value);
    const removed = remove.filter((key) => instance.tags.has(key));
    const added = changed.filter(([key]) => !instance.tags.has(key)).length;
    if (instance.tags.size + added - removed.length > 50) {
      throw new AwsError(
        "TagLimitExceeded",
        "The maximum number of Tags for a resource has been reached.",
      );
    }
    for (const [key, value] of changed) instance.tags.set(key, value);
    for (const key of removed) instance.tags.delete(key);
    const keys = [...changed.map(([key]) => key), ...removed];
    if (keys.length > 0) this.tagsChanged(instance, keys);
  }

  /** The session that an instance's profile gives it. @throws AwsError where there is none or its trust refuses */
  async profileSession(instance: Instance): Promise<RoleSession> {
    const { account, region, id, instanceProfileArn } = instance;
    if (instanceProfileArn === undefined) {
      throw new AwsError("NoInstanceProfile", `instance ${id} has no instance profile`);
    }
    const role = this.cloud.iam.profileRole(instanceProfileArn);
    const request = { roleArn: role.arn, sessionName: id, region, instanceArn: instance.arn };
    // In China a trust policy may name EC2 with or without `.cn`. Source: IAM user guide, "AWS China: service principals".
    const services = [
      "ec2.amazonaws.com",
      ...(this.cloud.partition.id === "aws-cn" ? ["ec2.amazonaws.com.cn"] : []),
    ];
    let refusal: unknown;
    for (const service of services) {
      try {
        return await this.cloud.sts.assume({
          ...request,
          principal: { kind: "service", service, sourceAccount: account },
        });
      } catch (error) {
        if (!(error instanceof AccessDenied)) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  /**
   * Programs on a host reach AWS through its network. The message is the agent's.
   * @throws AwsError RequestError
   */
  checkReachable(instance: Instance, service: string): void {
    const reason = this.network.unreachable(instance, service);
    if (reason === undefined) return;
    const host = `${service}.${instance.region}.${this.cloud.partition.dnsSuffix}`;
    throw new AwsError(
      "RequestError",
      `send request failed caused by: dial tcp ${host}:443: i/o timeout (${reason})`,
    );
  }

  private become(instance: Instance, state: InstanceState, delay: number): void {
    const from = instance.state;
    this.cloud.clock.spawn(async () => {
      if (instance.state !== from) return;
      this.setState(instance, state);
      if (state === "running") this.cloud.ssm.agents.instanceStarted(instance);
      return Promise.resolve();
    }, delay);
  }

  private setState(instance: Instance, state: InstanceState): void {
    instance.state = state;
    this.stateChanged(instance);
  }

  private stateChanged(instance: Instance): void {
    const { account, region, id, arn, state } = instance;
    this.cloud.report({
      account,
      region,
      instanceId: id,
      source: "EC2",
      text: `instance is ${state}`,
      kind: "info",
    });
    this.cloud.events.emit({
      account,
      region,
      source: "aws.ec2",
      detailType: "EC2 Instance State-change Notification",
      resources: [arn],
      detail: { "instance-id": id, state },
    });
  }

  private tagsChanged(instance: Instance, keys: readonly string[]): void {
    const { account, region, arn } = instance;
    this.cloud.events.emit({
      account,
      region,
      source: "aws.tag",
      detailType: "Tag Change on Resource",
      resources: [arn],
      detail: {
        "changed-tag-keys": keys,
        service: "ec2",
        "resource-type": "instance",
        version: ++this.tagVersions,
        tags: Object.fromEntries(instance.tags),
      },
    });
  }
}

function wrongState({ id, state }: Instance, wanted: string): AwsError {
  return new AwsError(
    "IncorrectInstanceState",
    `The instance '${id}' is not in a state from which it can be ${wanted}: it is ${state}.`,
  );
}
