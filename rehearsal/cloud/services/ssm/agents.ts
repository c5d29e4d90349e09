import { Agent } from "../../../host/agent.js";
import { Host } from "../../../host/host.js";
import { AGENT_VERSION } from "../../../host/layout.js";
import { isoTime } from "../../clock.js";
import { type Cloud } from "../../cloud.js";
import { AwsError, messageOf, NotRehearsed } from "../../errors.js";
import { LATENCY } from "../../latency.js";
import { type Caller, operation } from "../../operation.js";
import { Regional } from "../../regional.js";
import { type Instance } from "../ec2/instance.js";

interface ManagedInstance {
  readonly instance: Instance;
  readonly host: Host;
  readonly agent: Agent;
  /** What the agent last said of itself; undefined: it never reached SSM. */
  information?: InstanceInformation;
  /** The agent holds its channel open. */
  connected: boolean;
  /** Counts the starts: an agent of an earlier start has nothing to say any more. */
  starts: number;
}

/** The input of UpdateInstanceInformation, with what SSM adds. */
interface InstanceInformation {
  readonly InstanceId: string;
  readonly AgentVersion: string;
  readonly PlatformType: string;
  readonly PlatformName: string;
  readonly PlatformVersion: string;
  readonly IPAddress: string;
  readonly ComputerName: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

interface Filter {
  readonly Key: string;
  readonly Values: readonly string[];
}

interface DescribeInput {
  readonly Filters?: readonly Filter[];
  readonly InstanceInformationFilterList?: readonly {
    readonly key: string;
    readonly valueSet: readonly string[];
  }[];
}

/**
 * Minutes after which an agent that could not register tries again, one after the other. Source: agent's
 * hibernation.go: after 5 minutes, then every 10 for half an hour, then every 20. The rehearsal follows the
 * first of these tries only, so that it ends.
 */
const RETRIES = [5, 10, 10, 10];

/** The agent tells SSM every 5 minutes that it is there. Source: agent's appconfig, HealthFrequencyMinutes. */
const HEARTBEAT = 5 * 60_000;

/** Packages that AWS publishes, which have no document. Source: user guide, "aws:configurePackage", and Distributor. */
const PUBLISHED = new Set([
  "AmazonCloudWatchAgent",
  "AwsVssComponents",
  "AWSPVDriver",
  "AwsEnaNetworkDriver",
  "AWSKinesisTap",
  "AWSNVMe",
  "AWSCodeDeployAgent",
  "AmazonEFSUtils",
  "AmazonInspector",
]);

/** SSM's agents: which instances are managed, and whether their agents can be reached. */
export class SsmAgents {
  private readonly managed = new Regional<ManagedInstance>();

  constructor(private readonly cloud: Cloud) {}

  /** The inside of an instance; undefined before its first start. */
  host(account: string, region: string, instanceId: string): Host | undefined {
    return this.managed.in(account, region).get(instanceId)?.host;
  }

  /** Every host that ever started. */
  *hosts(): Iterable<Host> {
    for (const { host } of this.managed.all()) yield host;
  }

  /** The agent that commands for an instance reach; undefined while it is not online. */
  onlineAgent(account: string, region: string, instanceId: string): Agent | undefined {
    const found = this.managed.in(account, region).get(instanceId);
    return found !== undefined && isOnline(found) ? found.agent : undefined;
  }

  /** How often the instance was started: tells whether it was up all the time. */
  startsOf(account: string, region: string, instanceId: string): number {
    return this.managed.in(account, region).get(instanceId)?.starts ?? 0;
  }

  instanceStarted(instance: Instance): void {
    const place = this.managed.in(instance.account, instance.region);
    const found = place.get(instance.id) ?? this.firstStart(instance);
    place.set(instance.id, found);
    found.starts += 1;
    const start = found.starts;
    this.cloud.clock.spawn(() => this.register(found, start), LATENCY.agentRegisters);
  }

  instanceStopped(instance: Instance): void {
    this.disconnect(instance);
  }

  /** SSM forgets an instance that is terminated. */
  instanceTerminated(instance: Instance): void {
    this.disconnect(instance);
    const found = this.managed.in(instance.account, instance.region).get(instance.id);
    if (found !== undefined) delete found.information;
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
        const known = [...this.managed.in(account, region).values()].filter(
          ({ information }) => information !== undefined,
        );
        const listed = known.filter((managed) =>
          filters.every((filter) => matches(managed, filter)),
        );
        return { InstanceInformationList: listed.map((managed) => this.describe(managed)) };
      },
    }),
    GetManifest: operation<{ readonly PackageName: string }, object>({
      access: (_input, caller) => [everything("ssm:GetManifest", caller)],
      run: ({ PackageName }) => {
        if (PUBLISHED.has(PackageName))
          throw new NotRehearsed(
            `package ${PackageName}`,
            "packages that AWS publishes are not modelled",
          );
        throw new AwsError("ResourceNotFoundException", `Package ${PackageName} does not exist`);
      },
    }),
    PutConfigurePackageResult: operation<object, object>({
      access: (_input, caller) => [everything("ssm:PutConfigurePackageResult", caller)],
      run: () => ({}),
    }),
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

  private firstStart(instance: Instance): ManagedInstance {
    const { cloud } = this;
    const host = new Host(
      instance,
      {
        clock: cloud.clock,
        unique: (length) => cloud.ids.hex(`files of ${instance.id}`, length),
        unmodelled: (subject) => cloud.meetsUnmodelled(subject),
      },
      this.conditionsOf(instance),
    );
    const agent = new Agent(cloud, host, (url) => cloud.ssm.documents.download(url));
    return { instance, host, agent, connected: false, starts: 0 };
  }

  private conditionsOf(instance: Instance) {
    return this.cloud.hostConditions.get(instance.tags.get("Name") ?? "") ?? {};
  }

  private disconnect(instance: Instance): void {
    const found = this.managed.in(instance.account, instance.region).get(instance.id);
    if (found === undefined) return;
    found.connected = false;
  }

  /** The agent's start: it goes online, or tries again later, or stays away. */
  private async register(managed: ManagedInstance, start: number): Promise<void> {
    const { agent, instance } = managed;
    if (start > 1) await managed.host.machine?.reboot();
    if (this.conditionsOf(instance).agent === "offline") {
      agent.tell(
        "failure",
        "the agent does not reach Systems Manager: the scenario says that it is offline",
      );
      return;
    }
    let said = "";
    for (const [attempt, minutes] of [...RETRIES, undefined].entries()) {
      if (instance.state !== "running" || managed.starts !== start) return;
      const problem = await this.connect(managed);
      if (problem === undefined) {
        agent.tell("success", `the agent is online (version ${AGENT_VERSION})`);
        return;
      }
      // The same words at every attempt would only make the timeline longer.
      if (problem !== said) agent.tell("failure", `the agent cannot register: ${problem}`);
      said = problem;
      if (minutes === undefined) break;
      if (attempt === 0) agent.tell("info", `the agent tries again in ${minutes} minutes`);
      await this.cloud.clock.sleep(minutes * 60_000);
    }
    agent.tell(
      "warning",
      `the agent stays offline after ${RETRIES.length + 1} attempts; it would go on trying, the rehearsal does not`,
    );
  }

  /** Registers with the credentials of the instance profile; the text is why it cannot. */
  private async connect(managed: ManagedInstance): Promise<string | undefined> {
    const { agent, host } = managed;
    const { id, os, privateIp } = managed.instance;
    try {
      await agent.call("ssm", "UpdateInstanceInformation", {
        InstanceId: id,
        AgentName: "amazon-ssm-agent",
        AgentStatus: "Active",
        AgentVersion: AGENT_VERSION,
        PlatformType: os.platformType,
        PlatformName: os.platformName,
        PlatformVersion: os.platformVersion,
        IPAddress: privateIp,
        ComputerName: host.name,
      });
      await agent.call("ssmmessages", "CreateControlChannel", {
        MessageSchemaVersion: "1.0",
        RequestId: this.cloud.ids.uuid("channel"),
      });
      await agent.call("ssmmessages", "OpenControlChannel", { MessageSchemaVersion: "1.0" });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return messageOf(error);
    }
    managed.connected = true;
    return undefined;
  }

  private describe({ information, ...managed }: ManagedInstance): object {
    if (information === undefined)
      throw new Error("an instance without information is not described");
    const { since, ...told } = information;
    const online = isOnline(managed);
    // While it is connected the agent says so every few minutes.
    const beats = online ? Math.floor((this.cloud.clock.now - since) / HEARTBEAT) : 0;
    return {
      ...told,
      PingStatus: online ? "Online" : "ConnectionLost",
      LastPingDateTime: isoTime(since + beats * HEARTBEAT),
      IsLatestVersion: true,
      ResourceType: "EC2Instance",
      SourceId: told.InstanceId,
      SourceType: "AWS::EC2::Instance",
    };
  }
}

function isOnline({
  connected,
  instance,
}: Pick<ManagedInstance, "connected" | "instance">): boolean {
  // AWS shows ConnectionLost some minutes after a stop; here it is at once.
  return connected && instance.state === "running";
}

/** Source: API reference, InstanceInformationStringFilter. */
function matches(
  { instance, connected, information }: ManagedInstance,
  { Key, Values }: Filter,
): boolean {
  if (Key.startsWith("tag:"))
    return Values.includes(instance.tags.get(Key.slice("tag:".length)) ?? "\0");
  switch (Key) {
    case "InstanceIds":
      return Values.includes(instance.id);
    case "PingStatus":
      return Values.includes(isOnline({ connected, instance }) ? "Online" : "ConnectionLost");
    case "PlatformTypes":
      return Values.includes(instance.os.platformType);
    case "AgentVersion":
      return Values.includes(information?.AgentVersion ?? "");
    case "ResourceType":
      return Values.includes("EC2Instance");
    case "tag-key":
      return Values.some((key) => instance.tags.has(key));
    default:
      throw new AwsError("InvalidFilterKey", `The specified key isn't valid: ${Key}`);
  }
}

function everything(action: string, { account }: Caller) {
  return { action, resource: "*", resourceAccount: account };
}

function instanceAccess(action: string, id: string, { cloud, account, region }: Caller) {
  return {
    action,
    resource: cloud.arn("ec2", region, account, `instance/${id}`),
    resourceAccount: account,
  };
}
