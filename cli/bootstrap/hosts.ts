import type { EC2Client, Instance } from "@aws-sdk/client-ec2";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { statusTagPrefix } from "../../components/bootstrap/bootstrap-tags.js";
import { chunks } from "../../lib/lists.js";

/** The present state of an instance. */
export interface HostNow {
  /** It is terminated, or nobody knows it any more. */
  readonly gone: boolean;
  /** Of EC2: `running`, `stopped`. */
  readonly state: string;
  /** The status tag that the last bootstrap left, and when. */
  readonly status?: string;
  readonly since?: string;
}

const GONE: HostNow = { gone: true, state: "terminated" };
/** Most values of a filter. Source: EC2 API reference, DescribeInstances: 200. */
const MAX_IDS_PER_CALL = 200;

/** Looks instances up; those that EC2 no longer knows are gone. */
export async function hostsNow(
  ec2: EC2Client,
  ids: readonly string[],
): Promise<ReadonlyMap<string, HostNow>> {
  const found = new Map<string, HostNow>(ids.map((id) => [id, GONE]));
  for (const Values of chunks([...found.keys()], MAX_IDS_PER_CALL)) {
    // A filter, because an id that EC2 does not know would make the whole call fail.
    const Filters = [{ Name: "instance-id", Values }];
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      found.set(instance.InstanceId ?? "", nowOf(instance));
    }
  }
  return found;
}

function nowOf({ State, Tags = [] }: Instance): HostNow {
  const state = State?.Name ?? "unknown";
  const tag = (name: string) => Tags.find(({ Key }) => Key === name)?.Value;
  const [status, since] = [tag(statusTagPrefix), tag(`${statusTagPrefix}.time`)];
  return {
    gone: state === "terminated" || state === "shutting-down",
    state,
    ...(status !== undefined && { status }),
    ...(since !== undefined && { since }),
  };
}

/** The host's state in a few words, compared with the time of the failure. */
export function inWords({ gone, state, status, since = "" }: HostNow, failed: string): string {
  if (gone) return "gone";
  const is = state === "running" ? "" : ` (${state})`;
  if (status === undefined) return `no status${is}`;
  return status === "Success" && since > failed ? `healthy since${is}` : `${status}${is}`;
}
