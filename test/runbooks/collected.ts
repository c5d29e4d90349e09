// The runbook of collections, played with hosts that answer.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../runbooks/loader/step.js";
import type { Api } from "../../rehearsal/test/runbook/support.js";
import { play } from "../../rehearsal/test/runbook/support.js";

export const SOURCE = readFileSync(join(__dirname, "../../runbooks/collect.yaml"), "utf8");
export const EXECUTION = "00000000-0000-4000-8000-000000000001";
export const ENDED = new Date("2026-01-05T08:05:30Z");
const parameters: Readonly<Record<string, Json>> = {
  AutomationAssumeRole: "arn:aws:iam::111122223333:role/cf-collect",
  Collection: "certificates",
  Document: "cf-script-expiring-certificates",
  DocumentOwner: "444455556666",
  Parameters: { Days: ["60"] },
  TargetKey: "tag:Role",
  TargetValues: ["web", "db"],
  InventoryType: "Custom:Certificate",
  ComplianceType: "Custom:Certificates",
  Rules: ["CRITICAL expired equals false", "HIGH daysLeft atLeast 14"],
  MaxConcurrency: "20%",
  MaxErrors: "1",
};
export const GOOD = '{"name":"CN=a b","daysLeft":20,"expired":false,"of":["x"],"note":null}\n';

export interface Answer {
  readonly id: string;
  readonly output?: string;
  readonly status?: string;
  readonly platform?: "linux" | "windows" | "none";
}

function invocation({ id, status = "Success", platform = "linux" }: Answer) {
  const plugin = (Name: string) => ({
    Name,
    // What the list has is the beginning only, so nobody may read it.
    Output: Name === platform ? "{" : "Step execution skipped due to unsatisfied preconditions: …",
    ResponseFinishDateTime: ENDED,
  });
  return {
    CommandId: "c-1",
    InstanceId: id,
    InstanceName: `name of ${id}`,
    Status: status,
    StatusDetails: status,
    CommandPlugins: [plugin("linux"), plugin("windows")],
  };
}

interface Put {
  readonly inventory: Record<string, unknown>;
  readonly compliance: Record<string, unknown>;
}

interface Change {
  readonly apis?: Readonly<Record<string, Api>>;
  readonly overrides?: Readonly<Record<string, Json>>;
  readonly source?: string;
}

/** Run Command where these hosts answer, by pages of two. */
export async function run(
  answers: readonly Answer[],
  { apis = {}, overrides = {}, source = SOURCE }: Change = {},
) {
  const put: Put = { inventory: {}, compliance: {} };
  const requests: unknown[] = [];
  const played = await play(source, {
    parameters: { ...parameters, ...overrides },
    apis: {
      "ssm:SendCommand": () => ({ Command: { CommandId: "c-1" } }),
      "ssm:ListCommands": () => ({
        Commands: [
          { CommandId: "c-0", Comment: "another" },
          { CommandId: "c-1", Comment: `certificates ${EXECUTION}`, Status: "Success" },
        ],
      }),
      "ssm:ListCommandInvocations": ({ NextToken }) => {
        const start = Number(NextToken ?? 0);
        return {
          CommandInvocations: answers.slice(start, start + 2).map(invocation),
          ...(start + 2 < answers.length && { NextToken: String(start + 2) }),
        };
      },
      "ssm:DescribeAutomationStepExecutions": () => ({
        StepExecutions: [{ StepName: "runScript", ExecutionStartTime: ENDED }],
      }),
      "ssm:GetCommandInvocation": (input) => {
        requests.push(input);
        const answer = answers.find(({ id }) => id === input["InstanceId"]);
        return { StandardOutputContent: answer?.output ?? GOOD };
      },
      "ssm:PutInventory": ({ InstanceId, Items }) => {
        put.inventory[String(InstanceId)] = Items;
        return {};
      },
      "ssm:PutComplianceItems": ({ ResourceId, ...rest }) => {
        put.compliance[String(ResourceId)] = rest;
        return {};
      },
      ...apis,
    },
  });
  return { ...played, put, requests, reason: played.execution.steps[1]?.reason };
}
