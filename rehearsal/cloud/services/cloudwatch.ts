import { type Cloud } from "../cloud.js";
import { AwsError } from "../errors.js";
import { resourceType, type Service } from "../resource.js";

interface AlarmInputs {
  readonly name: string;
  readonly comparisonOperator: string;
  readonly evaluationPeriods: number;
}

/** CloudWatch: alarms are taken, but no metric moves them yet. */
export class CloudWatchService implements Service {
  constructor(private readonly cloud: Cloud) {}

  readonly resourceTypes = [
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
        // Source: CloudWatch API reference, PutMetricAlarm.
        if (!/^(GreaterThan|LessThan)(OrEqualTo)?Threshold$/.test(inputs.comparisonOperator)) {
          throw new AwsError(
            "ValidationError",
            `ComparisonOperator ${inputs.comparisonOperator} is none of PutMetricAlarm's`,
          );
        }
        if (inputs.evaluationPeriods < 1)
          throw new AwsError("ValidationError", "EvaluationPeriods must be at least 1");
        const arn = this.cloud.arn("cloudwatch", at.region, at.account, `alarm:${inputs.name}`);
        return { id: inputs.name, outputs: { arn } };
      },
      update: (id, _inputs, at) => ({
        arn: this.cloud.arn("cloudwatch", at.region, at.account, `alarm:${id}`),
      }),
      delete: () => undefined,
    }),
  ];
}
