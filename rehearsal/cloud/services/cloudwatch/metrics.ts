import type { Kernel } from "../../../kernel/kernel.js";
import { AwsError } from "../../../kernel/errors.js";
import { operation } from "../../../kernel/operation.js";
import { Regional } from "../../../kernel/regional.js";

export type Dimensions = Readonly<Record<string, string>>;

export interface Datapoint {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly value: number;
}

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly unit: string;
  readonly datapoints: Datapoint[];
  /** What a service reports again and again, such as the length of a queue: its last value holds on. */
  readonly isGauge: boolean;
}

export interface Reported {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly value: number;
  readonly unit?: string;
  readonly time?: number;
}

interface PutInput {
  readonly Namespace: string;
  readonly MetricData: readonly {
    readonly MetricName: string;
    readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
    readonly Value?: number;
    readonly Values?: readonly number[];
    readonly Unit?: string;
    readonly Timestamp?: string | number | Date;
  }[];
}

type Place = { readonly account: string; readonly region: string };

/** Metrics by namespace, name and dimensions: another set of dimensions is another metric. */
export class Metrics {
  readonly all = new Regional<Metric>();

  /** @param changed called with each metric that has a new value */
  constructor(
    private readonly kernel: Kernel,
    private readonly changed: (place: Place, metric: Metric) => void,
  ) {}

  readonly operations = {
    PutMetricData: operation<PutInput, object>({
      access: ({ Namespace }, { account }) => [
        {
          action: "cloudwatch:PutMetricData",
          resource: "*",
          resourceAccount: account,
          context: { "cloudwatch:namespace": Namespace },
        },
      ],
      run: (input, caller) => {
        check(input);
        for (const data of input.MetricData) {
          const { MetricName: name, Dimensions = [], Unit, Timestamp } = data;
          const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
          for (const value of data.Values ?? [data.Value ?? Number.NaN]) {
            this.put(caller, {
              namespace: input.Namespace,
              name,
              dimensions,
              value,
              ...(Unit !== undefined && { unit: Unit }),
              ...(Timestamp !== undefined && { time: new Date(Timestamp).getTime() }),
            });
          }
        }
        return {};
      },
    }),
  };

  find({ account, region }: Place, namespace: string, name: string, dimensions: Dimensions) {
    return this.all.in(account, region).get(keyOf(namespace, name, dimensions));
  }

  /** Takes a value that counts for its period alone. */
  put(place: Place, reported: Reported): void {
    this.add(place, reported, false);
  }

  /** Takes a value that holds until the next one. */
  setGauge(place: Place, reported: Reported): void {
    this.add(place, reported, true);
  }

  private add({ account, region }: Place, reported: Reported, isGauge: boolean): void {
    const { namespace, name, dimensions, value, unit = "None" } = reported;
    const key = keyOf(namespace, name, dimensions);
    const metrics = this.all.in(account, region);
    let metric = metrics.get(key);
    if (metric === undefined) {
      metric = { namespace, name, dimensions, unit, isGauge, datapoints: [] };
      metrics.set(key, metric);
    }
    metric.datapoints.push({ time: reported.time ?? this.kernel.clock.now, value });
    this.changed({ account, region }, metric);
  }
}

function keyOf(namespace: string, name: string, dimensions: Dimensions): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}

/** Source: CloudWatch API reference, PutMetricData. @throws AwsError */
function check({ Namespace, MetricData }: PutInput): void {
  const invalid = (text: string) => new AwsError("InvalidParameterValue", text);
  if (!/^[^:][^\n]{0,254}$/.test(Namespace) || Namespace.startsWith("AWS/"))
    throw invalid("The value AWS/ for parameter Namespace is invalid.".replace("AWS/", Namespace));
  if (MetricData.length > 1000) throw invalid("MetricData: 1000 members at most");
  for (const { MetricName, Dimensions = [], Value, Values = [] } of MetricData) {
    if (Dimensions.length > 30) throw invalid(`${MetricName} has more than 30 dimensions`);
    const empty = Dimensions.find(({ Name, Value: value }) => Name === "" || value === "");
    if (empty !== undefined) throw invalid(`${MetricName} has a dimension without name or value`);
    if (Value === undefined && Values.length === 0)
      throw new AwsError("MissingParameter", `${MetricName} has no value`);
  }
}
