import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../account.js";
import { cloudWatchConfigName } from "../names.js";

/** A configuration of the CloudWatch agent. */
export interface CloudWatchConfig {
  /** JSON, at most 8 kB. */
  readonly value: string;
  /** Names of the log groups that it writes to. */
  readonly logGroups: readonly string[];
}

export interface CloudWatchConfigsArgs {
  readonly region: string;
  /** ARN of the key that encrypts the logs. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** By the name that a host's tag asks for. */
  readonly configs: Readonly<Record<string, CloudWatchConfig>>;
  /** How long logs are kept, in days: one of CloudWatch's values. @default `defaultRetentionDays` */
  readonly logRetentionDays?: number;
}

/** How long the hosts' logs are kept where nobody says so, in days. */
export const defaultRetentionDays = 90;

/** What a standard parameter holds, in bytes; an advanced one costs 5 cents a month. */
const standardBytes = 4096;

/**
 * Configurations of the CloudWatch agent as parameters, and the log groups that they write to,
 * encrypted, made before any agent could make them without.
 *
 * @example
 * new CloudWatchConfigs(`${name}-cloudwatch`, { region, kmsKeyArn: key.arn, configs: { linux: { value, logGroups: ["/cf/ec2/linux/journal"] } } }, { parent: this });
 */
export class CloudWatchConfigs extends pulumi.ComponentResource {
  /** Names of the parameters. */
  readonly parameters: pulumi.Output<string[]>;

  constructor(name: string, args: CloudWatchConfigsArgs, opts: InAccount) {
    super("fleet:index:CloudWatchConfigs", name, {}, opts);
    const { region, kmsKeyArn, logRetentionDays = defaultRetentionDays } = args;
    const groups = new Set(Object.values(args.configs).flatMap(({ logGroups }) => logGroups));
    for (const group of [...groups].sort()) {
      new aws.cloudwatch.LogGroup(
        `${name}-${group.replace(/^\//, "").replaceAll("/", "-")}`,
        { name: group, kmsKeyId: kmsKeyArn, retentionInDays: logRetentionDays, region },
        { parent: this, deleteBeforeReplace: true },
      );
    }
    const parameters = Object.entries(args.configs).map(([config, { value }]) => {
      const tier = Buffer.byteLength(value) > standardBytes ? "Advanced" : "Standard";
      const parameter = new aws.ssm.Parameter(
        `${name}-${config}`,
        {
          name: cloudWatchConfigName(config),
          description: "CloudWatch agent configuration, which hosts select by a tag",
          type: "String",
          tier,
          // A configuration is not secret, so previews show every change of it.
          insecureValue: value,
          region,
        },
        { parent: this, deleteBeforeReplace: true },
      );
      return parameter.name;
    });
    this.parameters = pulumi.all(parameters);
    this.registerOutputs({ parameters: this.parameters });
  }
}
