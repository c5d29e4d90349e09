import type {
  DescribeAutomationExecutionsCommandInput,
  DescribeAutomationStepExecutionsCommandInput,
} from "@aws-sdk/client-ssm";
import type { Documents } from "../documents/document-named.js";
import type { EventBus, RoleSessions, Instances } from "../../../../kernel/ports.js";
import type { Kernel } from "../../../../kernel/kernel.js";
import { apiExecution, apiMetadata, apiStep } from "./automation-api.js";
import type { Filter } from "./automation-filters.js";
import { filterExecutions, filterSteps, page } from "./automation-filters.js";
import type { StartInput } from "../../../../runbook/start-input.js";
import { startRequestOf, startAccess } from "./start-request.js";
import type { AutomationExecution } from "../../../../runbook/execution.js";
import { isOver } from "../../../../runbook/execution.js";
import type { Access } from "../../../../kernel/access.js";
import { AwsError } from "../../../../kernel/errors.js";
import type { Caller } from "../../../../kernel/operation.js";
import { operation } from "../../../../kernel/operation.js";
import type { Regional } from "../../../../kernel/regional.js";
import { AutomationRuns } from "./automation-runs.js";

interface ById {
  readonly AutomationExecutionId: string;
}

interface StopInput extends ById {
  /** @default Cancel */
  readonly Type?: string;
}

/** What Automation uses of the rest of the cloud. */
export interface AutomationCloud extends Kernel {
  readonly events: EventBus;
  readonly sts: RoleSessions;
  readonly ec2: Instances;
  readonly ssm: { readonly documents: Documents };
}

/** Automation: executions of runbooks, and what its API says of them. */
export class SsmAutomations {
  private readonly runs: AutomationRuns;
  /** The starts by the caller's token, per account and Region. */
  private readonly tokens = new Map<string, { readonly input: string; readonly id: string }>();

  constructor(private readonly cloud: AutomationCloud) {
    this.runs = new AutomationRuns(cloud);
  }

  get executions(): Regional<AutomationExecution> {
    return this.runs.executions;
  }

  readonly operations = {
    StartAutomationExecution: operation<StartInput, ById>({
      access: (input, caller) =>
        startAccess(startRequestOf(this.cloud, input, caller), input, caller),
      run: (input, caller) => this.start(input, caller),
    }),
    GetAutomationExecution: operation<ById, object>({
      access: (input, caller) => this.access("ssm:GetAutomationExecution", input, caller),
      run: (input, caller) => {
        const execution = this.execution(input, caller);
        return { AutomationExecution: apiExecution(execution, this.runs.runbook(execution)) };
      },
    }),
    DescribeAutomationExecutions: operation<DescribeAutomationExecutionsCommandInput, object>({
      access: (_input, { account }) => [
        { action: "ssm:DescribeAutomationExecutions", resource: "*", resourceAccount: account },
      ],
      run: (input, { account, region }) => {
        const all = [...this.executions.in(account, region).values()].reverse();
        const { items, ...rest } = page(filterExecutions(all, filtersOf(input)), pageOf(input));
        return { AutomationExecutionMetadataList: items.map(apiMetadata), ...rest };
      },
    }),
    DescribeAutomationStepExecutions: operation<
      DescribeAutomationStepExecutionsCommandInput & ById,
      object
    >({
      access: (input, caller) => this.access("ssm:DescribeAutomationStepExecutions", input, caller),
      run: (input, caller) => {
        const found = filterSteps(this.execution(input, caller).steps, filtersOf(input));
        if (input.ReverseOrder === true) found.reverse();
        const { items, ...rest } = page(found, pageOf(input));
        return { StepExecutions: items.map(apiStep), ...rest };
      },
    }),
    StopAutomationExecution: operation<StopInput, object>({
      access: (input, caller) => this.access("ssm:StopAutomationExecution", input, caller),
      run: (input, caller) => {
        const execution = this.execution(input, caller);
        if (isOver(execution.status)) {
          throw new AwsError(
            "InvalidAutomationStatusUpdateException",
            `The specified update status operation isn't valid: the automation is ${execution.status}.`,
          );
        }
        // AWS documents "Complete" by its name only: here running steps are completed, and no other step begins.
        this.runs.stop(execution, input.Type === "Complete" ? "Complete" : "Cancel");
        return {};
      },
    }),
  };

  /** @throws AwsError IdempotentParameterMismatch where the token was another start's */
  private async start(input: StartInput, caller: Caller): Promise<ById> {
    const { ClientToken, ...rest } = input;
    const key = [caller.account, caller.region, ClientToken?.toLowerCase()].join("/");
    const text = JSON.stringify(rest);
    const before = ClientToken === undefined ? undefined : this.tokens.get(key);
    if (before !== undefined && before.input !== text) {
      throw new AwsError(
        "IdempotentParameterMismatch",
        `Error returned when an idempotent operation is retried and the parameters don't match the original call to the API with the same idempotency token: ${key}`,
      );
    }
    if (before !== undefined) return { AutomationExecutionId: before.id };
    const { id } = await this.runs.start(startRequestOf(this.cloud, input, caller), caller);
    if (ClientToken !== undefined) this.tokens.set(key, { input: text, id });
    return { AutomationExecutionId: id };
  }

  /** @throws AwsError AutomationExecutionNotFoundException */
  private execution({ AutomationExecutionId: id }: ById, { account, region }: Caller) {
    const found = this.executions.in(account, region).get(id);
    if (found !== undefined) return found;
    throw new AwsError(
      "AutomationExecutionNotFoundException",
      `There is no automation execution information for the requested automation execution ID ${id}.`,
    );
  }

  private access(action: string, input: ById, caller: Caller): Access[] {
    const { arn, account } = this.execution(input, caller);
    return [{ action, resource: arn, resourceAccount: account }];
  }
}

function filtersOf(input: { Filters?: { Key?: string; Values?: string[] }[] }): Filter[] {
  return (input.Filters ?? []).map(({ Key = "", Values = [] }) => ({ Key, Values }));
}

function pageOf(input: { MaxResults?: number; NextToken?: string }) {
  const { MaxResults, NextToken } = input;
  return {
    ...(MaxResults !== undefined && { MaxResults }),
    ...(NextToken !== undefined && { NextToken }),
  };
}
