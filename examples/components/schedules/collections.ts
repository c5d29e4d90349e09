// Whether hosts wait for a reboot, every night: as inventory, and as compliance.
import type * as aws from "@pulumi/aws";
import { Collections } from "../../../components/schedules/collections.js";
import { collectDocument } from "../../../runbooks/loader/collect-document.js";

const account = { id: "222222222222", partition: "aws" } as const;
const source = { accountId: "111111111111", prefix: "cf" };
const runbook = collectDocument();
const reboots = {
  script: "pending-reboot",
  parameters: {},
  target: { key: "tag:Environment", values: ["prod"] },
  expression: "cron(0 4 ? * * *)",
  timeZone: "Europe/Berlin",
  maxConcurrency: "10%",
  maxErrors: "10%",
  inventory: "Custom:PendingReboot",
  compliance: {
    type: "Custom:Reboot",
    rules: [{ field: "pending", operator: "equals", value: "false", severity: "MEDIUM" }],
  },
} as const;

export const example = (provider: aws.Provider): Collections =>
  new Collections(
    "collect",
    {
      account,
      prefix: "cf",
      regions: ["eu-central-1"],
      source,
      runbook,
      collections: { reboots },
    },
    { provider },
  );
