import type { Arn } from "../../../kernel/arn.js";
import { AwsError } from "../../../kernel/errors.js";
import type { Metric } from "./metrics.js";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export interface AlarmInputs {
  readonly name: string;
  readonly alarmDescription?: string;
  readonly comparisonOperator: string;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm?: number;
  readonly threshold?: number;
  readonly metricName?: string;
  readonly namespace?: string;
  readonly period?: number;
  readonly statistic?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly treatMissingData?: string;
  readonly alarmActions?: readonly Arn[];
  readonly okActions?: readonly Arn[];
  readonly actionsEnabled?: boolean;
}

export interface Alarm {
  readonly arn: Arn;
  readonly account: string;
  readonly region: string;
  inputs: AlarmInputs;
  state: AlarmState;
  reason: string;
  /** The time of its next evaluation, where there is one. */
  looksAt?: number;
}

const STATISTICS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Average: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  SampleCount: (values) => values.length,
};

const OPERATORS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const MISSING = ["missing", "notBreaching", "breaching", "ignore"];

/** Source: CloudWatch API reference, PutMetricAlarm. @throws AwsError ValidationError */
export function checkAlarm(inputs: AlarmInputs): void {
  const { comparisonOperator, evaluationPeriods, statistic, period = 60 } = inputs;
  const { treatMissingData = "missing", datapointsToAlarm = 1 } = inputs;
  const problem =
    OPERATORS[comparisonOperator] === undefined
      ? `ComparisonOperator ${comparisonOperator} is none of PutMetricAlarm's`
      : evaluationPeriods < 1
        ? "EvaluationPeriods must be at least 1"
        : statistic !== undefined && STATISTICS[statistic] === undefined
          ? `Statistic ${statistic} is none of ${Object.keys(STATISTICS).join(", ")}`
          : ![10, 20, 30].includes(period) && (period < 60 || period % 60 !== 0)
            ? `Period must be 10, 20, 30, or a multiple of 60: it is ${period}`
            : !MISSING.includes(treatMissingData)
              ? `TreatMissingData ${treatMissingData} is none of ${MISSING.join(", ")}`
              : datapointsToAlarm > evaluationPeriods
                ? "DatapointsToAlarm must not be more than EvaluationPeriods"
                : undefined;
  if (problem !== undefined) throw new AwsError("ValidationError", problem);
}

/** The state of an alarm by its metric at the end of a period, and the reason; undefined: it stays as it is. */
export function evaluateAlarm(
  { inputs }: Alarm,
  metric: Metric,
  now: number,
): { readonly state: AlarmState; readonly reason: string } | undefined {
  const { evaluationPeriods, period = 60, threshold = 0, comparisonOperator } = inputs;
  const { treatMissingData = "missing", datapointsToAlarm = evaluationPeriods } = inputs;
  const values = Array.from({ length: evaluationPeriods }, (_none, index) =>
    valueOf(inputs, metric, now - (index + 1) * period * 1000, now - index * period * 1000),
  );
  const present = values.filter((value) => value !== undefined);
  if (present.length === 0 && treatMissingData === "ignore") return undefined;
  if (present.length === 0 && treatMissingData === "missing")
    return { state: "INSUFFICIENT_DATA", reason: "Insufficient Data: no datapoints were received" };
  const breaches = OPERATORS[comparisonOperator];
  const breaching = values.filter((value) =>
    value === undefined ? treatMissingData === "breaching" : breaches?.(value, threshold),
  ).length;
  const state = breaching >= datapointsToAlarm ? "ALARM" : "OK";
  const list = present.map((value) => value.toFixed(1)).join(", ") || "none";
  return {
    state,
    reason: `Threshold Crossed: ${breaching} of the last ${evaluationPeriods} datapoints [${list}] breach ${comparisonOperator} ${threshold.toFixed(1)}`,
  };
}

/** The statistic of one period; a gauge has its last value in every period after it. */
function valueOf(inputs: AlarmInputs, metric: Metric, from: number, to: number) {
  const { datapoints, isGauge } = metric;
  const values = datapoints
    .filter(({ time }) => time >= from && time < to)
    .map(({ value }) => value);
  const before = isGauge ? datapoints.findLast(({ time }) => time < from) : undefined;
  if (before !== undefined && values.length === 0) values.push(before.value);
  return values.length === 0 ? undefined : STATISTICS[inputs.statistic ?? "Average"]?.(values);
}
