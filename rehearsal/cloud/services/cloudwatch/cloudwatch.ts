import type { EventBus } from "../../../kernel/ports.js";
import type { Kernel } from "../../../kernel/kernel.js";
import { AwsError, messageOf } from "../../../kernel/errors.js";
import { Regional } from "../../../kernel/regional.js";
import type { Deployment, ResourceType, Service } from "../../../kernel/resource.js";
import { resourceType } from "../../../kernel/resource.js";
import type { Alarm, AlarmInputs } from "./alarm.js";
import { checkAlarm, evaluateAlarm } from "./alarm.js";
import type { Metric } from "./metrics.js";
import { Metrics } from "./metrics.js";

/** What CloudWatch uses of the rest of the cloud. */
interface CloudWatchCloud extends Kernel {
  readonly events: EventBus;
}

/** CloudWatch: metrics that programs and services report, and alarms on one metric each. */
export class CloudWatchService implements Service {
  readonly metrics: Metrics;
  readonly alarms = new Regional<Alarm>();
  readonly operations;

  constructor(private readonly cloud: CloudWatchCloud) {
    this.metrics = new Metrics(cloud, (place, metric) => this.metricChanged(place, metric));
    this.operations = this.metrics.operations;
  }

  readonly resourceTypes: readonly ResourceType[] = [
    resourceType<AlarmInputs>({
      type: "aws:cloudwatch/metricAlarm:MetricAlarm",
      models: [
        "name",
        "alarmDescription",
        "comparisonOperator",
        "evaluationPeriods",
        "threshold",
        "metricName",
        "namespace",
        "period",
        "statistic",
        "dimensions",
        "treatMissingData",
        "alarmActions",
        "okActions",
        "datapointsToAlarm",
        "actionsEnabled",
        "tags",
      ],
      replaceOnChanges: ["name"],
      autoname: "name",
      create: (inputs, at) => {
        const alarm = this.put(inputs, at);
        return { id: inputs.name, outputs: { arn: alarm.arn } };
      },
      update: (_id, inputs, at) => ({ arn: this.put(inputs, at).arn }),
      delete: (id, at) => void this.alarms.in(at.account, at.region).delete(id),
    }),
  ];

  /** Has every alarm on a metric evaluate it when its period is over. */
  private metricChanged(
    { account, region }: { account: string; region: string },
    metric: Metric,
  ): void {
    for (const alarm of this.alarms.in(account, region).values()) {
      if (isOn(alarm, metric)) this.lookAgain(alarm, metric, "pressing");
    }
  }

  private put(inputs: AlarmInputs, { account, region }: Deployment): Alarm {
    checkAlarm(inputs);
    const alarms = this.alarms.in(account, region);
    const before = alarms.get(inputs.name);
    const alarm: Alarm = before ?? {
      arn: this.cloud.arn("cloudwatch", region, account, `alarm:${inputs.name}`),
      account,
      region,
      inputs,
      state: "INSUFFICIENT_DATA",
      reason: "Unchecked: Initial alarm creation",
    };
    alarm.inputs = inputs;
    alarms.set(inputs.name, alarm);
    return alarm;
  }

  /** Evaluates at the end of the current period: alarms evaluate whole periods, which begin at round times. */
  private lookAgain(alarm: Alarm, metric: Metric, when: "pressing" | "idly"): void {
    const { clock } = this.cloud;
    const period = (alarm.inputs.period ?? 60) * 1000;
    const delay = period - (clock.now % period);
    // One evaluation is enough for all values of a period.
    if (alarm.looksAt === clock.now + delay) return;
    alarm.looksAt = clock.now + delay;
    const look = async () => {
      delete alarm.looksAt;
      const { account, region, inputs } = alarm;
      if (this.alarms.in(account, region).get(inputs.name) !== alarm) return;
      const found = evaluateAlarm(alarm, metric, clock.now);
      if (found !== undefined && found.state !== alarm.state) {
        await this.change(alarm, found.state, found.reason);
      }
      // No more data turns an alarm back, in time; a gauge reports when it changes.
      if (alarm.state === "ALARM" && !metric.isGauge) this.lookAgain(alarm, metric, "idly");
    };
    if (when === "pressing") clock.spawn(look, delay);
    else clock.spawnIdly(look, delay);
  }

  private async change(alarm: Alarm, state: Alarm["state"], reason: string): Promise<void> {
    const { account, region, inputs } = alarm;
    const old = alarm.state;
    alarm.state = state;
    alarm.reason = reason;
    this.cloud.report({
      account,
      region,
      source: "CloudWatch",
      text: `alarm ${inputs.name} is ${state}: ${reason}`,
      kind: state === "ALARM" ? "warning" : "info",
    });
    this.cloud.events.emit({
      account,
      region,
      source: "aws.cloudwatch",
      detailType: "CloudWatch Alarm State Change",
      resources: [alarm.arn],
      detail: {
        alarmName: inputs.name,
        state: { value: state, reason, timestamp: this.cloud.clock.iso },
        previousState: { value: old },
      },
    });
    if (inputs.actionsEnabled === false) return;
    const actions = { ALARM: inputs.alarmActions, OK: inputs.okActions }[String(state)] ?? [];
    for (const action of actions) await this.act(alarm, action, old);
  }

  private async act(alarm: Alarm, action: string, old: Alarm["state"]): Promise<void> {
    const { account, region, inputs, state, arn } = alarm;
    if (action.split(":")[2] !== "sns") {
      this.cloud.reportNotRehearsed(`alarm action ${action}`);
      return;
    }
    const Message = JSON.stringify({
      AlarmName: inputs.name,
      AlarmDescription: inputs.alarmDescription ?? null,
      AWSAccountId: account,
      NewStateValue: state,
      NewStateReason: alarm.reason,
      StateChangeTime: this.cloud.clock.iso,
      Region: region,
      AlarmArn: arn,
      OldStateValue: old,
    });
    try {
      await this.cloud.call({
        principal: {
          kind: "service",
          service: "cloudwatch.amazonaws.com",
          sourceAccount: account,
          sourceArn: arn,
        },
        account,
        region,
        service: "sns",
        operation: "Publish",
        input: { TopicArn: action, Subject: `${state}: "${inputs.name}" in ${region}`, Message },
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const text = `alarm ${inputs.name} could not notify ${action}: ${messageOf(error)}`;
      this.cloud.report({ account, region, source: "CloudWatch", text, kind: "failure" });
    }
  }
}

function isOn({ inputs }: Alarm, metric: Metric): boolean {
  const { namespace, metricName, dimensions = {} } = inputs;
  const wanted = JSON.stringify(Object.entries(dimensions).sort());
  return (
    namespace === metric.namespace &&
    metricName === metric.name &&
    wanted === JSON.stringify(Object.entries(metric.dimensions).sort())
  );
}
