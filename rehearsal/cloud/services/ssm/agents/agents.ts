import type { HostRuntime } from "../../../../host/host.js";
import type { HostCloud } from "../../../../host/host-cloud.js";
import { Agent } from "../../../../host/agent.js";
import type { HostConditions } from "../../../../host/conditions.js";
import { Host } from "../../../../host/host.js";
import type { AwsCall } from "../../../../host/role-call.js";
import { callAsHost } from "../../../../host/role-call.js";
import { AwsError } from "../../../../kernel/errors.js";
import { LATENCY } from "../../../../kernel/latency.js";
import type { Caller } from "../../../../kernel/operation.js";
import { operation } from "../../../../kernel/operation.js";
import type { PageInput } from "../../../../kernel/pages.js";
import { pageOf } from "../../../../kernel/pages.js";
import { Regional } from "../../../../kernel/regional.js";
import type { Instance } from "../../../../kernel/instance.js";
import { register } from "./agent-registration.js";
import { publishedPackageOperations } from "./published-packages.js";
import type {
  InformationFilter,
  InstanceInformation,
  ManagedInstance,
} from "./instance-information.js";
import { checkFilters, describeInformation, matchesFilter } from "./instance-information.js";

interface DescribeInput extends PageInput {
  readonly Filters?: readonly InformationFilter[];
  readonly InstanceInformationFilterList?: readonly {
    readonly key: string;
    readonly valueSet: readonly string[];
  }[];
}

/** Source: API reference, DescribeInstanceInformation. */
const INFORMATION_PAGES = { minimum: 5, maximum: 50, default: 10 };

/** What the agents use of the rest of the cloud. */
export interface AgentsCloud extends HostCloud {
  /** The runtime of hosts, where it is not the built-in one. */
  readonly hostRuntime: HostRuntime | undefined;
  /** The conditions of hosts that a scenario gives, by the value of their `Name` tag. */
  readonly hostConditions: ReadonlyMap<string, HostConditions>;
  readonly ssm: {
    readonly documents: {
      /** The bytes of an attachment, by the address that GetDocument gives. */
      download(url: string): Uint8Array | undefined;
    };
    readonly associations: {
      /** Runs the associations that wait for the instance. */
      instanceOnline(instance: Instance): void;
    };
  };
}

/** SSM's agents: which instances are managed, and whether their agents can be reached. */
export class SsmAgents {
  private readonly managed = new Regional<ManagedInstance>();

  constructor(private readonly cloud: AgentsCloud) {}

  /** An instance from inside; undefined before its first start. */
  host(account: string, region: string, instanceId: string): Host | undefined {
    return this.managed.in(account, region).get(instanceId)?.host;
  }

  /** The agent that commands for an instance reach; undefined while it is not online. */
  onlineAgent(account: string, region: string, instanceId: string): Agent | undefined {
    const found = this.managed.in(account, region).get(instanceId);
    return found?.connected === true ? found.agent : undefined;
  }

  /** The instances that SSM knows, whether their agents are online or not. */
  registered(account: string, region: string): readonly Instance[] {
    const found: Instance[] = [];
    for (const { instance, information } of this.managed.in(account, region).values())
      if (information !== undefined) found.push(instance);
    return found;
  }

  /** How often the instance was started: shows whether it was up all the time. */
  startsOf(account: string, region: string, instanceId: string): number {
    return this.managed.in(account, region).get(instanceId)?.starts ?? 0;
  }

  instanceStarted(instance: Instance): void {
    const managed = this.managedInstance(instance);
    managed.starts += 1;
    this.cloud.clock.spawn(
      () => register(this.cloud, managed, this.conditionsOf(instance)),
      LATENCY.agentRegisters,
    );
  }

  /** An instance that was started before anything happens here: its agent registers at once. */
  instanceThere(instance: Instance): void {
    const managed = this.managedInstance(instance);
    managed.starts += 1;
    this.cloud.clock.spawn(() => register(this.cloud, managed, this.conditionsOf(instance)));
  }

  instanceStopped(instance: Instance): void {
    this.managedInstance(instance).connected = false;
  }

  /** SSM forgets an instance that is terminated. */
  instanceTerminated(instance: Instance): void {
    const managed = this.managedInstance(instance);
    managed.connected = false;
    delete managed.information;
  }

  readonly operations = {
    UpdateInstanceInformation: operation<Omit<InstanceInformation, "since">, object>({
      // Resource-level since 2023; the instance is what the agent speaks for. Source: service authorization reference.
      access: (input, caller) => [
        instanceAccess("ssm:UpdateInstanceInformation", input.InstanceId, caller),
      ],
      run: (input, { account, region }) => {
        const found = this.managed.in(account, region).get(input.InstanceId);
        if (found === undefined)
          throw new AwsError(
            "InvalidInstanceId",
            `The instance ID ${input.InstanceId} is not valid`,
          );
        found.information = { ...input, since: this.cloud.clock.now };
        return {};
      },
    }),
    DescribeInstanceInformation: operation<DescribeInput, object>({
      access: (_input, caller) => [everything("ssm:DescribeInstanceInformation", caller)],
      run: (input, { account, region }) => {
        const old = (input.InstanceInformationFilterList ?? []).map(({ key, valueSet }) => ({
          Key: key,
          Values: valueSet,
        }));
        const filters = [...(input.Filters ?? []), ...old];
        checkFilters(filters);
        const found = [...this.managed.in(account, region).values()].filter(
          (managed) =>
            managed.information !== undefined &&
            filters.every((filter) => matchesFilter(managed, filter)),
        );
        const { items, rest } = pageOf(found, input, INFORMATION_PAGES);
        const listed = items.map((item) => describeInformation(item, this.cloud.clock.now));
        return { InstanceInformationList: listed, ...rest };
      },
    }),
    ...publishedPackageOperations,
  };

  /** What the agent keeps a connection with, service `ssmmessages`. */
  readonly channelOperations = {
    CreateControlChannel: operation<object, object>({
      access: (_input, caller) => [everything("ssmmessages:CreateControlChannel", caller)],
      run: () => ({
        MessageSchemaVersion: "1.0",
        TokenValue: this.cloud.ids.hex("control channel", 32),
      }),
    }),
    OpenControlChannel: operation<object, object>({
      access: (_input, caller) => [everything("ssmmessages:OpenControlChannel", caller)],
      run: () => ({}),
    }),
  };

  private managedInstance(instance: Instance): ManagedInstance {
    const place = this.managed.in(instance.account, instance.region);
    const existing = place.get(instance.id);
    if (existing !== undefined) return existing;
    const { cloud } = this;
    const ports = {
      clock: cloud.clock,
      unique: (length: number) => cloud.ids.hex(`files of ${instance.id}`, length),
      call: (request: AwsCall) => callAsHost(cloud, instance, request),
      reportNotRehearsed: (subject: string) => cloud.reportNotRehearsed(subject),
    };
    const host = new Host(instance, ports, this.conditionsOf(instance), cloud.hostRuntime);
    const agent = new Agent(cloud, host, (url) => cloud.ssm.documents.download(url));
    const created: ManagedInstance = { instance, host, agent, connected: false, starts: 0 };
    place.set(instance.id, created);
    return created;
  }

  private conditionsOf(instance: Instance): HostConditions {
    return this.cloud.hostConditions.get(instance.tags.get("Name") ?? "") ?? {};
  }
}

function everything(action: string, { account }: Caller) {
  return { action, resource: "*", resourceAccount: account };
}

function instanceAccess(action: string, id: string, { kernel, account, region }: Caller) {
  return {
    action,
    resource: kernel.arn("ec2", region, account, `instance/${id}`),
    resourceAccount: account,
  };
}
