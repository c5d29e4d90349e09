import type { AutomationCloud } from "./automations.js";
import type { AutomationEvents } from "./automation-events.js";
import type { AutomationExecution, StepExecution } from "../../../../runbook/execution.js";
import { documentIn, inputAt } from "./location-start.js";
import type { Location } from "./locations.js";
import { locationsOf } from "./locations.js";
import type { Rate, Tally } from "./rate-control.js";
import { controlled } from "./rate-control.js";
import type {
  MultiTargetRun,
  MultiTargetInput,
  MultiTargetStep,
  TargetMap,
} from "../../../../runbook/multi-target.js";
import { DEFAULT_CONCURRENCY, DEFAULT_ERRORS } from "./multi-target-run.js";
import { parametersOf } from "./start-parameters.js";
import { patiently } from "../../../../runbook/api-call.js";
import { resolveTargets } from "./targets.js";
import { StepFailure } from "../../../../runbook/step-failure.js";
import { AwsError, messageOf, NotRehearsed } from "../../../../kernel/errors.js";
import { LATENCY } from "../../../../kernel/latency.js";
import type { AutomationRuns, Run } from "./automation-runs.js";

/** One target or location for which a multi-target run starts an automation. */
interface Part {
  readonly step: MultiTargetStep;
  /** Starts the automation. @throws AwsError, StepFailure */
  readonly start: () => Promise<AutomationExecution>;
}

/**
 * Runs an automation over targets, or over accounts and Regions: its steps are the automations that it starts. Source:
 * User Guide, "Run automations at scale" and "Running automations in multiple AWS Regions and accounts".
 */
export class FanOut {
  constructor(
    private readonly cloud: AutomationCloud,
    private readonly runs: AutomationRuns,
    private readonly events: AutomationEvents,
  ) {}

  async run(run: Run, multiTarget: MultiTargetInput): Promise<void> {
    const { execution } = run;
    await this.cloud.clock.sleep(LATENCY.automationStep);
    let tallies: readonly Tally[];
    try {
      const inLocations = (multiTarget.TargetLocations ?? []).length > 0;
      tallies = await (inLocations ? this.overLocations(run) : this.overTargets(run));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error instanceof NotRehearsed) this.cloud.reportNotRehearsed(error.subject);
      execution.status = "Failed";
      execution.reason = messageOf(error);
      execution.failureMessage = messageOf(error);
      return;
    }
    if (execution.stopped !== undefined) execution.status = "Cancelled";
    else this.conclude(execution, tallies);
  }

  /**
   * Errors within the limit leave the automation a success, as a report of AWS's own scheduler shows
   * (aws-solutions/instance-scheduler-on-aws#274). CompletedWithFailure and its like are Change Manager's: the User
   * Guide, "Understanding automation statuses", has none of them for other automations.
   */
  private conclude(execution: AutomationExecution, tallies: readonly Tally[]): void {
    const exceeded = tallies.some(({ isExceeded }) => isExceeded);
    execution.status = exceeded ? "Failed" : "Success";
    if (!exceeded) return;
    const failed = execution.steps.filter(({ status }) => status !== "Success");
    const first = failed[0];
    const reason = `${failed.length} of ${execution.steps.length} failed, more than the error limit allows; first ${first?.name ?? ""}: ${first?.reason ?? ""}`;
    execution.reason = reason;
    execution.failureMessage = reason;
  }

  private async overTargets(run: Run): Promise<readonly Tally[]> {
    const { caller, execution, request, principal } = run;
    const input = request.multiTarget ?? {};
    const { account, region } = caller;
    const seeker = { cloud: this.cloud, principal, account, region };
    const targets = await resolveTargets(input, request.targetType, seeker);
    this.multiTargetOf(execution).resolved = targets.map(shown);
    const parts = targets.map((target) => ({
      step: {
        name: shown(target),
        inputs: Object.fromEntries(Object.entries(target).map(([k, v]) => [k, v.join(", ")])),
      },
      start: async () => {
        const values = parametersOf(request.runbook, { ...request.given, ...target });
        const { multiTarget: _, ...alone } = request;
        const origin = { parent: execution, target: shown(target) };
        return this.runs.start({ ...alone, values }, caller, origin);
      },
    }));
    const { MaxConcurrency = DEFAULT_CONCURRENCY, MaxErrors = DEFAULT_ERRORS } = input;
    const rate = { maxConcurrency: MaxConcurrency, maxErrors: MaxErrors, rampsUp: true };
    return [await this.parts(execution, parts, rate)];
  }

  /**
   * Every entry has a rate of its own, and all begin at once: AWS describes neither. Whether locations ramp up as targets
   * do it does not say; with the default of one at a time there is no difference.
   */
  private async overLocations(run: Run): Promise<readonly Tally[]> {
    const { caller, execution, request, principal } = run;
    const entries = request.multiTarget?.TargetLocations ?? [];
    const looker = { ...caller, principal };
    const lists: { rate: Rate; locations: Location[] }[] = [];
    for (const entry of entries) {
      const rate = {
        maxConcurrency: entry.TargetLocationMaxConcurrency ?? "1",
        maxErrors: entry.TargetLocationMaxErrors ?? "0",
        rampsUp: false,
      };
      lists.push({ rate, locations: await locationsOf(entry, looker) });
    }
    const signals = lists.map(({ locations, rate }) => {
      const parts = locations.map((location) => this.partAt(run, location));
      return this.cloud.clock.spawn(() => this.parts(execution, parts, rate));
    });
    const tallies: Tally[] = [];
    for (const signal of signals) tallies.push(await signal.wait());
    return tallies;
  }

  private partAt(run: Run, location: Location): Part {
    const { account, entry, region, roleName } = location;
    const { Accounts: _, ...rest } = entry;
    return {
      step: {
        name: `${account}_${region}`,
        inputs: { DocumentName: documentIn(run.request, location) },
        location: { ...rest, Accounts: [account], Regions: [region], ExecutionRoleName: roleName },
      },
      start: () => this.startAt(run, location),
    };
  }

  /**
   * Starts the automation in another account: the administration role assumes the execution role there, which starts it
   * and passes itself as the role of the automation. AWS's own execution role may do all of it
   * (`AmazonSSMAutomationRole` has ssm:*, its template iam:PassRole on the role itself and trust for ssm.amazonaws.com);
   * the calls themselves it does not publish.
   * @throws StepFailure in AWS's words, which are the same for a role that cannot be assumed and for a document that is not
   *   shared with the account (reports of both: mmmcorp.co.jp, 2025-04-18)
   */
  private async startAt(run: Run, location: Location): Promise<AutomationExecution> {
    const { execution, request, principal } = run;
    const { account, region, roleName } = location;
    const roleArn = this.cloud.arn("iam", "", account, `role/${roleName}`);
    try {
      const session = await this.cloud.sts.assume({
        principal,
        roleArn,
        sessionName: `Automation-${execution.id}`,
        region,
      });
      const input = inputAt(request, location, roleArn);
      const start = () => this.runs.startChild(execution, session, { account, region }, input);
      return await patiently(this.cloud, start);
    } catch (error) {
      if (!(error instanceof AwsError) || error instanceof NotRehearsed) throw error;
      throw StepFailure.failed(
        `${roleArn}: ${request.documentName} could not be started in ${account} ${region}: ${messageOf(error)}`,
        undefined,
        `The execution role ${roleArn} in the target location is unable to be assumed.`,
      );
    }
  }

  /** Begins part after part, as the rate allows, and follows each to its end. */
  private async parts(
    execution: AutomationExecution,
    parts: readonly Part[],
    rate: Rate,
  ): Promise<Tally> {
    const multiTarget = this.multiTargetOf(execution);
    multiTarget.waiting.push(...parts.map(({ step }) => step));
    const work = async (part: Part) => {
      multiTarget.waiting.splice(multiTarget.waiting.indexOf(part.step), 1);
      return this.part(execution, part);
    };
    const goesOn = () => execution.stopped === undefined;
    return controlled(this.cloud.clock, parts, rate, work, goesOn);
  }

  private async part(execution: AutomationExecution, part: Part): Promise<boolean> {
    const step = this.begin(execution, part.step);
    try {
      const child = await part.start();
      step.child = child;
      if (execution.stopped === "Cancel") this.runs.stop(child, "Cancel");
      await this.runs.ended(child);
      step.status = child.status;
      // Source: User Guide: "The output of the steps ... will be the AutomationExecutionId of the child automations".
      step.outputs = { ExecutionId: child.id, Status: child.status };
      if (child.reason !== undefined) step.reason = child.reason;
      if (child.failureMessage !== undefined) step.failureMessage = child.failureMessage;
    } catch (error) {
      if (!(error instanceof AwsError) && !(error instanceof StepFailure)) throw error;
      if (error instanceof NotRehearsed) this.cloud.reportNotRehearsed(error.subject);
      step.status = "Failed";
      step.failureMessage = error.message;
      step.reason = error instanceof StepFailure ? error.reason : error.message;
    }
    step.end = this.cloud.clock.now;
    this.events.stepChanged(execution, step);
    return step.status === "Success";
  }

  private begin(execution: AutomationExecution, wanted: MultiTargetStep): StepExecution {
    const { inputs, location, name } = wanted;
    const action = "aws:executeAutomation";
    const { documentName: DocumentName } = execution;
    const step: StepExecution = {
      id: this.cloud.ids.uuid("automation step"),
      name,
      action,
      definition: { name, action, inputs: { DocumentName } },
      ...(location !== undefined && { location }),
      status: "InProgress",
      start: this.cloud.clock.now,
      attempts: 1,
      inputs,
      outputs: {},
    };
    // Whether AWS bills the steps of a spread automation beside those of its children it does not say: rather too much.
    this.runs.bill(execution, "automationStep", 1);
    execution.steps.push(step);
    this.events.stepChanged(execution, step);
    return step;
  }

  private multiTargetOf({ id, multiTarget }: AutomationExecution): MultiTargetRun {
    if (multiTarget === undefined) throw new Error(`the automation ${id} is spread over nothing`);
    return multiTarget;
  }
}

/** The name of a target: its value, or its values where it has several parameters. */
const shown = (target: TargetMap) => Object.values(target).flat().join(", ");
