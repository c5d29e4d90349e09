import type { CommandsCloud } from "./commands.js";
import { AccessDenied, AwsError } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import type { Instance } from "../../../../kernel/instance.js";
import type { Target } from "./command.js";
import type { SendInput } from "./send-input.js";

interface Place {
  readonly account: string;
  readonly region: string;
}

const GROUP = "resource-groups:Name";

/** The instances that a command goes to. */
export class CommandTargets {
  constructor(private readonly cloud: CommandsCloud) {}

  /**
   * Those that are named, and those that fit every target; of the latter also such as are not online now, for which
   * the command waits until it expires.
   * @throws AwsError InvalidInstanceId where one that is named is not managed and online
   */
  instances(input: SendInput, place: Place): readonly Instance[] {
    const { Targets = [] } = input;
    const chosen = this.named(input.InstanceIds ?? [], place);
    if (Targets.length === 0) return chosen;
    for (const { Key, Values } of Targets)
      if (Key === "InstanceIds" && !Values.includes("*")) this.named(Values, place);
    const tests = Targets.map((target) => this.test(target, place));
    const registered = this.cloud.ssm.agents.registered(place.account, place.region);
    return registered.filter((instance) => tests.every((fits) => fits(instance)));
  }

  /**
   * Whether the caller may see the members of the groups that the command names; where not, the command ends as
   * AccessDenied before it is sent anywhere. Source: user guide, "Understanding command statuses".
   */
  async maySeeGroups({ Targets = [] }: SendInput, caller: Caller): Promise<boolean> {
    const groups = Targets.filter(({ Key }) => Key === GROUP).flatMap(({ Values }) => Values);
    for (const Group of groups) {
      if (this.cloud.resourceGroups.instances(caller.account, caller.region, Group) === undefined)
        continue;
      try {
        const { principal, account, region } = caller;
        const request = { principal, account, region, service: "resource-groups" };
        await this.cloud.call({ ...request, operation: "ListGroupResources", input: { Group } });
      } catch (error) {
        if (error instanceof AccessDenied) return false;
        throw error;
      }
    }
    return true;
  }

  private named(ids: readonly string[], { account, region }: Place): readonly Instance[] {
    const found: Instance[] = [];
    const invalid: string[] = [];
    for (const id of ids) {
      const instance = this.cloud.ec2.instances.in(account, region).get(id);
      const online = this.cloud.ssm.agents.onlineAgent(account, region, id) !== undefined;
      if (instance === undefined || !online) invalid.push(id);
      else found.push(instance);
    }
    if (invalid.length === 0) return found;
    const text = `Instances [[${invalid.join(", ")}]] not in a valid state for account ${account}`;
    throw new AwsError("InvalidInstanceId", text);
  }

  /** Whether an instance is one of those that a target means. @throws AwsError InvalidParameters */
  private test({ Key, Values }: Target, place: Place): (instance: Instance) => boolean {
    const values = new Set(Values);
    if (Key.startsWith("tag:")) {
      const key = Key.slice("tag:".length);
      return ({ tags }) => values.has(tags.get(key) ?? "\0");
    }
    if (Key === "tag-key") return ({ tags }) => Values.some((key) => tags.has(key));
    if (Key === "InstanceIds") return ({ id }) => values.has("*") || values.has(id);
    if (Key === GROUP) {
      const { account, region } = place;
      const members = Values.flatMap(
        (name) => this.cloud.resourceGroups.instances(account, region, name) ?? [],
      );
      const ids = new Set(members.map(({ id }) => id));
      return ({ id }) => ids.has(id);
    }
    if (Key === "resource-groups:ResourceTypeFilters")
      return () => values.has("AWS::EC2::Instance");
    throw new AwsError(
      "InvalidParameters",
      `The target key ${Key} is not one of tag:<key>, tag-key, InstanceIds, ${GROUP}, resource-groups:ResourceTypeFilters`,
    );
  }
}
