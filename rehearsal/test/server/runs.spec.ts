import { expect } from "chai";
import { Programs } from "../../program/programs.js";
import { hostNamed } from "../../scenario/setup/lookup.js";
import type { LogOutputs } from "../../../lib/log-outputs.js";
import { aws, awsJson, awsText, withAwsCli } from "../../../test/support/aws-cli.js";
import type { Served } from "../../../test/support/served.js";
import { served } from "../../../test/support/served.js";

const ARTICLE = `SELECT split("$path",'/')[5] AS account, split("$path",'/')[9] AS host, line FROM all_output
  WHERE regexp_like("$path", 'by-hand') ORDER BY host, line`;

describe("a run of a script by the AWS CLI", function () {
  withAwsCli();
  this.timeout(240_000);
  let programs: Programs;
  let cloud: Served;
  let operator: Record<string, string>;
  before(async () => {
    programs = new Programs();
    cloud = await served({
      scenario: "run-script",
      programs,
      clockSpeed: { perRequest: 5000 },
      change: (scenario) => {
        const { given } = scenario;
        const runners = { principals: ["arn:aws:iam::111111111111:role/FleetDeployer"] };
        const config = { ...given.config, log: { ...given.config["log"], runners } };
        return { ...scenario, given: { ...given, config }, when: [{ settle: true }] };
      },
    });
    const { Credentials } = await awsJson<{ Credentials: Record<string, string> }>(
      cloud.env("log"),
      ...["sts", "assume-role", "--role-session-name", "me"],
      ...["--role-arn", "arn:aws:iam::111111111111:role/cf-run-operator"],
    );
    operator = {
      ...cloud.env("log"),
      AWS_ACCESS_KEY_ID: Credentials["AccessKeyId"] ?? "",
      AWS_SECRET_ACCESS_KEY: Credentials["SecretAccessKey"] ?? "",
      AWS_SESSION_TOKEN: Credentials["SessionToken"] ?? "",
    };
  });
  after(async () => {
    await (cloud as Served | undefined)?.close();
    await (programs as Programs | undefined)?.close();
  });

  it("starts in the log account, reaches the member's hosts, and its answers are rows", async () => {
    const log = cloud.deployed.stacks.find(({ name }) => name === "log");
    const { account, runs, regions } = log?.outputs as unknown as LogOutputs;
    if (runs === undefined) throw new Error("the log stack has no runs");
    const [home = ""] = regions;
    const bucket = runs.buckets[home] ?? "";
    const parameters = {
      AutomationAssumeRole: [runs.administrationRoleArn],
      Document: ["cf-script-pending-reboot"],
      DocumentOwner: [account],
      TargetKey: ["tag:Name"],
      TargetValues: ["web"],
      RunId: ["by-hand"],
      OutputBucket: [bucket],
    };
    const { AutomationExecutionId: id } = await awsJson<{ AutomationExecutionId: string }>(
      operator,
      ...["ssm", "start-automation-execution", "--document-name", runs.runbook],
      ...["--parameters", JSON.stringify(parameters), "--target-locations"],
      `Accounts=222222222222,Regions=${home},ExecutionRoleName=${runs.executionRoleName}`,
    );
    const statuses: string[] = [];
    while (!/Success|Failed/.test(statuses.at(-1) ?? "") && statuses.length < 30) {
      statuses.push(
        await awsText(
          operator,
          ...["ssm", "get-automation-execution", "--automation-execution-id", id],
          ...["--query", "AutomationExecution.AutomationExecutionStatus", "--output", "text"],
        ),
      );
    }
    expect(statuses.at(-1)?.trim()).to.equal("Success");
    expect(statuses.length).to.be.greaterThan(1);
    const target = `s3://${bucket}/output/222222222222/${home}/by-hand/`;
    const listed = await awsText(cloud.env("log"), "s3", "ls", target, "--recursive");
    const web = hostNamed(cloud.deployed, "web").id;
    expect(listed).to.match(new RegExp(`/${web}/awsrunShellScript/linux/stdout\\n$`));
    expect(await rows(runs.workgroup, runs.database)).to.include(`222222222222\t${web}\t`);
  });

  it("is refused to the operator where it is none", async () => {
    const denied = await aws(operator, "ec2", "describe-instances");
    expect(denied.status).to.not.equal(0);
    expect(denied.stderr).to.include("(UnauthorizedOperation) when calling the DescribeInstances");
  });

  /** Asks as the article does. */
  async function rows(workgroup: string, database: string): Promise<string> {
    const { QueryExecutionId: id } = await awsJson<{ QueryExecutionId: string }>(
      operator,
      ...["athena", "start-query-execution", "--work-group", workgroup],
      ...["--query-execution-context", `Database=${database}`, "--query-string", ARTICLE],
    );
    for (let state = ""; state !== "SUCCEEDED";) {
      const { QueryExecution } = await awsJson<{
        QueryExecution: { Status: { State: string; StateChangeReason?: string } };
      }>(operator, "athena", "get-query-execution", "--query-execution-id", id);
      const { State, StateChangeReason } = QueryExecution.Status;
      state = State;
      if (state === "FAILED") throw new Error(StateChangeReason);
    }
    return awsText(
      operator,
      ...["athena", "get-query-results", "--query-execution-id", id, "--output", "text"],
      ...["--query", "ResultSet.Rows[].[Data[].VarCharValue]"],
    );
  }
});
