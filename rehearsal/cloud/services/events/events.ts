import type { Queues, RoleSessions, Emitted } from "../../../kernel/ports.js";
import type { Kernel } from "../../../kernel/kernel.js";
import type { Delivery } from "./delivery.js";
import { deliver } from "./delivery.js";
import type { CloudEvent } from "./event.js";
import { matches } from "./pattern.js";
import { putEvents } from "./put-events.js";
import type { Rule } from "./rule.js";
import { ruleResources } from "./rule-resources.js";
import { LATENCY } from "../../../kernel/latency.js";
import { Regional } from "../../../kernel/regional.js";
import type { ResourceType, Service } from "../../../kernel/resource.js";

/** Disturbances of events on their way to the targets of rules. */
export interface Disturbance {
  /** A text in the rule's name; absent: every rule. */
  readonly rule?: string;
  /** The events' type; absent: every type. */
  readonly detailType?: string;
  /** `late`: by as many milliseconds more than usual. */
  readonly deliver: "twice" | "never" | { readonly late: number };
}

/** What EventBridge uses of the rest of the cloud. */
export interface EventsCloud extends Kernel {
  readonly sqs: Queues;
  readonly sts: RoleSessions;
}

/** EventBridge's default bus: rules that match events, or act at their times, and call targets. */
export class EventsService implements Service {
  readonly rules = new Regional<Rule>();
  /** AWS delivers most events once and at once, and promises neither: the disturbances that a scenario sets. */
  readonly disturbances: Disturbance[] = [];
  readonly resourceTypes: readonly ResourceType[];
  readonly operations;

  constructor(private readonly cloud: EventsCloud) {
    this.resourceTypes = ruleResources(this, cloud);
    this.operations = { PutEvents: putEvents(cloud, (event) => this.emit(event)) };
  }

  /** Puts an event on the account's bus; its targets are called after a while. Gives the event's id. */
  emit(emitted: Emitted): string {
    const event = this.eventOf(emitted);
    for (const rule of this.rules.in(emitted.account, emitted.region).values()) {
      if (!rule.enabled || rule.pattern === undefined || !matches(rule.pattern, event)) continue;
      this.hand(rule, event);
    }
    return event.id;
  }

  /** Has a rule act at the times of its schedule, as long as it keeps that schedule. */
  arm(rule: Rule): void {
    const { schedule } = rule;
    if (schedule === undefined) return;
    const { account, region, arn, name } = rule;
    this.cloud.clock.repeatIdly(schedule.next, () => {
      const isThere = this.rules.in(account, region).get(name) === rule;
      if (!isThere || rule.schedule !== schedule) return Promise.resolve(false);
      if (rule.enabled) {
        const source = "aws.events";
        const base = { account, region, source, resources: [arn], detail: {} };
        this.hand(rule, this.eventOf({ ...base, detailType: "Scheduled Event" }));
      }
      return Promise.resolve(true);
    });
  }

  private eventOf(emitted: Emitted): CloudEvent {
    const { account, region } = emitted;
    return {
      version: "0",
      id: this.cloud.ids.uuid("event"),
      "detail-type": emitted.detailType,
      source: emitted.source,
      account,
      time: this.cloud.clock.iso,
      region,
      resources: emitted.resources,
      detail: emitted.detail,
    };
  }

  private hand(rule: Rule, event: CloudEvent): void {
    const instanceId = instanceOf(event);
    const { clock } = this.cloud;
    for (const target of rule.targets.values()) {
      const delivery = {
        event,
        ruleArn: rule.arn,
        ruleName: rule.name,
        target,
        ...(instanceId !== undefined && { instanceId }),
      };
      clock.spawn(async () => {
        const delays = this.disturbances.length === 0 ? DELIVERED_ONCE : this.delaysOf(delivery);
        for (const delay of delays) clock.spawn(() => deliver(this.cloud, delivery), delay);
        await Promise.resolve();
      }, LATENCY.eventDelivery);
    }
  }

  /** One delivery, at once: unless the scenario disturbs it. */
  private delaysOf({ event, instanceId, ruleName }: Delivery): readonly number[] {
    const { account, region, "detail-type": type } = event;
    const found = this.disturbances.find(
      ({ rule, detailType }) =>
        (rule === undefined || ruleName.includes(rule)) &&
        (detailType === undefined || detailType === type),
    );
    if (found === undefined) return DELIVERED_ONCE;
    const { deliver: how } = found;
    const happens =
      how === "never"
        ? "is lost"
        : how === "twice"
          ? "is delivered twice"
          : `is ${how.late / 1000} s late`;
    this.cloud.report({
      account,
      region,
      ...(instanceId !== undefined && { instanceId }),
      source: "EventBridge",
      text: `the event "${type}" for rule ${ruleName} ${happens}, as the scenario says`,
      kind: "warning",
    });
    if (how === "never") return [];
    // An event that is delivered twice comes a moment later again.
    return how === "twice" ? [0, 1_000] : [how.late];
  }
}

const DELIVERED_ONCE: readonly number[] = [0];

/** The instance that an event is about: by its resources, or by the field that says so. */
function instanceOf({ resources, detail }: CloudEvent): string | undefined {
  const instanceId = detail["instance-id"];
  const texts = [
    ...resources,
    ...(typeof instanceId === "string" ? [`:instance/${instanceId}`] : []),
  ];
  return texts
    .map((arn) => /:instance\/(i-[0-9a-f]+)$/.exec(arn)?.[1])
    .find((id) => id !== undefined);
}
