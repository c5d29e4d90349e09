import { AwsError, messageOf } from "../../kernel/errors.js";
import type { Sender } from "./sender.js";
import type { AgentConfiguration } from "./configuration.js";
import { fillIn } from "./placeholders.js";

/** Most metrics of one PutMetricData. Source: CloudWatch API reference. */
const MAX_METRICS_PER_CALL = 1000;

/** Sends one value of each metric. The values themselves are not modelled: each is 0. */
export async function sendMetrics(agent: Sender, found: AgentConfiguration): Promise<void> {
  const { host, now } = agent;
  const general =
    Object.keys(found.appendDimensions).length === 0 ? { host: host.name } : found.appendDimensions;
  const data = found.metrics.map(({ name, unit, dimensions }) => ({
    MetricName: name,
    Dimensions: Object.entries({ ...general, ...dimensions }).map(([Name, Value]) => ({
      Name,
      Value: fillIn(Value, host, now),
    })),
    Value: 0,
    ...(unit !== undefined && { Unit: unit }),
  }));
  for (const { Value } of data.flatMap(({ Dimensions }) => Dimensions))
    if (Value.startsWith("${")) agent.reportNotRehearsed(`CloudWatch agent: dimension ${Value}`);
  const { namespace: Namespace } = found;
  try {
    for (let at = 0; at < data.length; at += MAX_METRICS_PER_CALL) {
      const MetricData = data.slice(at, at + MAX_METRICS_PER_CALL);
      await agent.call("cloudwatch", "PutMetricData", { Namespace, MetricData });
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    agent.report("failure", `CloudWatch agent: no metrics reach ${Namespace}: ${messageOf(error)}`);
    return;
  }
  if (data.length > 0)
    agent.report("info", `CloudWatch agent: ${data.length} metrics are in namespace ${Namespace}`);
}
