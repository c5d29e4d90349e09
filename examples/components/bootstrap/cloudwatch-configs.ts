// One configuration of the CloudWatch agent, with the log group that it writes to.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { logsEncryptHostLogs } from "../../../components/bootstrap/bootstrap-access.js";
import { CloudWatchConfigs } from "../../../components/bootstrap/cloudwatch-configs.js";
import { EncryptionKey } from "../../../components/storage/encryption-key.js";
import { keyAlias } from "../../../components/names.js";

const account = { id: "222222222222", partition: "aws" } as const;
const region = "eu-central-1";
const journal = "/cf/ec2/linux/journal";
const logs = { logs_collected: { journald: { collect_list: [{ log_group_name: journal }] } } };
const value = JSON.stringify({ logs });

class HostLogs extends pulumi.ComponentResource {
  readonly parameters: pulumi.Output<string[]>;

  constructor(name: string, opts: InAccount) {
    super("fleet:examples:HostLogs", name, {}, opts);
    const key = new EncryptionKey(
      `${name}-encryption`,
      {
        account,
        alias: keyAlias("cf", "bootstrap"),
        description: "Logs of hosts",
        access: [logsEncryptHostLogs(account, region, "cf")],
        region,
      },
      { parent: this },
    );
    const { parameters } = new CloudWatchConfigs(
      `${name}-cloudwatch`,
      {
        region,
        kmsKeyArn: key.arn,
        configs: { linux: { value, logGroups: ["/cf/ec2/linux/journal"] } },
      },
      { parent: this },
    );
    this.parameters = parameters;
    this.registerOutputs({ parameters: this.parameters });
  }
}

export const example = (provider: aws.Provider) => new HostLogs("hosts", { provider });
