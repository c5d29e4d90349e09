import type { Instance } from "../../kernel/instance.js";
import type { TimelineEntry } from "../../kernel/timeline.js";
import type { Machine } from "../machine.js";
import type { WindowsMachine } from "../windows-machine.js";

/** The host that the CloudWatch agent collects from. */
export interface CollectedHost {
  readonly instance: Instance;
  readonly name: string;
  readonly machine: Machine | undefined;
  readonly windows: WindowsMachine | undefined;
}

/** What the CloudWatch agent sends by. */
export interface Sender {
  readonly host: CollectedHost;
  readonly now: number;
  /** Calls an API of AWS with the credentials of the instance's role. @throws AwsError */
  call<Output>(service: string, operation: string, input: object): Promise<Output>;
  /** Schedules an action on the host. */
  background(delay: number, process: () => Promise<void>): void;
  /** Something for the timeline. */
  report(kind: TimelineEntry["kind"], text: string): void;
  /** Something that is not modelled was used. */
  reportNotRehearsed(subject: string): void;
}
