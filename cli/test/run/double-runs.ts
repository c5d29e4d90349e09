import type { DoubleSetup } from "./double-setup.js";

interface Location {
  readonly account: string;
  readonly region: string;
}

interface Automation {
  readonly id: string;
  readonly started: number;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly targetLocations: readonly { Accounts: string[]; Regions: string[] }[];
  looks: number;
  stopped: boolean;
}

/** Source: AWS's words as people report them (mmmcorp.co.jp, 2025-04-18). */
const REFUSED =
  "Step fails when it is Execute/Cancelling action. The execution role X is unable to be assumed. Please refer to Automation Service Troubleshooting Guide for more diagnosis details.";

type Input = Readonly<Record<string, unknown>>;

/**
 * Automations as a test's AWS has them: at the first look the first account runs, at the second all is done. Their records
 * are in a bucket, and Athena gives what the test says.
 */
export class DoubleRuns {
  private readonly automations: Automation[] = [];
  private rows: readonly (readonly string[])[] | string = [];

  constructor(private readonly setup: DoubleSetup) {}

  answer(operation: string, input: Input): object | undefined {
    switch (operation) {
      case "StartAutomationExecution":
        return this.start(input);
      case "DescribeAutomationExecutions":
        return {
          AutomationExecutionMetadataList: this.automations
            .map(({ id, started }) => ({
              AutomationExecutionId: id,
              DocumentName: "cf-run-script",
              ExecutionStartTime: started / 1000,
            }))
            .reverse(),
        };
      case "GetAutomationExecution":
        return { AutomationExecution: this.look(String(input["AutomationExecutionId"])) };
      case "StopAutomationExecution":
        for (const automation of this.automations)
          if (automation.id === input["AutomationExecutionId"]) automation.stopped = true;
        return {};
      case "StartQueryExecution":
        this.rows =
          this.setup.rows?.(
            String(input["QueryString"]),
            (input["ExecutionParameters"] ?? []) as string[],
          ) ?? [];
        return { QueryExecutionId: "query" };
      case "GetQueryExecution": {
        const { rows } = this;
        const Status =
          typeof rows === "string"
            ? { State: "FAILED", StateChangeReason: rows }
            : { State: "SUCCEEDED" };
        return { QueryExecution: { Status } };
      }
      case "GetQueryResults": {
        const { rows } = this;
        const all = typeof rows === "string" ? [] : rows;
        const Rows = all.map((row) => ({ Data: row.map((VarCharValue) => ({ VarCharValue })) }));
        return { ResultSet: { Rows } };
      }
      default:
        return undefined;
    }
  }

  /** What was started, for tests to look at. */
  get started(): readonly Automation[] {
    return this.automations;
  }

  s3(bucket: string, key: string, { prefix }: Readonly<Record<string, string>>) {
    if (key !== "") return { status: 200, text: this.record(key) };
    const keys = this.automations
      .filter(({ looks, parameters }) => looks > 1 && parameters["OutputBucket"]?.[0] === bucket)
      .flatMap((automation) => {
        const run = automation.parameters["RunId"]?.[0] ?? "";
        return locations(automation)
          .filter(({ account }) => this.setup.refusing?.includes(account) !== true)
          .map(
            ({ account, region }) =>
              `invocations/${account}/${region}/${run}/${automation.id}.jsonl`,
          );
      })
      .filter((key) => key.startsWith(prefix ?? ""));
    const contents = keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join("");
    return { status: 200, text: `<ListBucketResult>${contents}</ListBucketResult>` };
  }

  private start(input: Input): object {
    const id = `00000000-0000-0000-0000-${String(this.automations.length + 1).padStart(12, "0")}`;
    this.automations.push({
      id,
      started: Date.now(),
      parameters: input["Parameters"] as Automation["parameters"],
      targetLocations: input["TargetLocations"] as Automation["targetLocations"],
      looks: 0,
      stopped: false,
    });
    return { AutomationExecutionId: id };
  }

  private look(id: string): object | undefined {
    const automation = this.automations.find((automation) => automation.id === id);
    if (automation === undefined) return undefined;
    automation.looks += 1;
    const isDone = automation.looks > 1;
    const begun = isDone ? locations(automation) : locations(automation).slice(0, 1);
    return {
      AutomationExecutionId: id,
      AutomationExecutionStatus: isDone ? "Success" : "InProgress",
      ExecutionStartTime: automation.started / 1000,
      ExecutedBy: "arn:aws:iam::111111111111:user/ann",
      Parameters: automation.parameters,
      TargetLocations: automation.targetLocations,
      StepExecutions: begun.map(({ account, region }) => ({
        TargetLocation: { Accounts: [account], Regions: [region] },
        ...(this.setup.refusing?.includes(account) === true
          ? { StepStatus: "Failed", FailureMessage: REFUSED }
          : { StepStatus: isDone ? this.statusIn(automation, account, region) : "InProgress" }),
      })),
    };
  }

  private statusIn(automation: Automation, account: string, region: string): string {
    const records = this.recordsIn(automation, account, region);
    return records.every(({ status, outputWritten }) => status === "Success" && outputWritten)
      ? "Success"
      : "Failed";
  }

  private record(key: string): string {
    const [, account = "", region = "", , file = ""] = key.split("/");
    const automation = this.automations.find(({ id }) => file.startsWith(id));
    if (automation === undefined) return "";
    const records = this.recordsIn(automation, account, region);
    return records.map((record) => `${JSON.stringify(record)}\n`).join("");
  }

  private recordsIn({ parameters }: Automation, account: string, region: string) {
    const run = parameters["RunId"]?.[0] ?? "";
    const key = parameters["TargetKey"]?.[0] ?? "";
    const values = parameters["TargetValues"] ?? [];
    const hosts = (this.setup.accounts[account]?.[region] ?? []).filter(({ id, tags = {} }) =>
      key === "InstanceIds" ? values.includes(id) : values.includes(tags[key.slice(4)] ?? ""),
    );
    return hosts.map(({ id, platform = "Linux" }) => {
      const given = this.setup.answers?.[id] ?? {};
      const answer = typeof given === "function" ? given(run) : given;
      return {
        run,
        account,
        region,
        commandId: "command",
        instanceId: id,
        name: `name-${id}`,
        platform,
        status: "Success",
        statusDetails: answer.status ?? "Success",
        responseCode: 0,
        startedAt: null,
        endedAt: null,
        outputWritten: true,
        document: parameters["Document"]?.[0] ?? "",
        ...answer,
      };
    });
  }
}

const locations = ({ targetLocations }: Automation): Location[] =>
  targetLocations.flatMap(({ Accounts, Regions }) =>
    Accounts.flatMap((account) => Regions.map((region) => ({ account, region }))),
  );
