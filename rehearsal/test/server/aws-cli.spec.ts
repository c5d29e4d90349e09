import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServedCloud } from "../../server/server.js";
import { serve } from "../../server/server.js";
import { aws, awsJson, awsText, withAwsCli } from "../../../test/support/aws-cli.js";
import { allow, policy, trust } from "../support/policies.js";
import { LOG, MEMBER, REGION } from "../support/test-cloud.js";
import { RUN_ACCOUNT, QueryCloud, RUN } from "../cloud/services/athena/query-cloud.js";
import {
  ADMINISTRATOR,
  MANAGEMENT,
  MEMBERS,
  MultiTargetCloud,
} from "../cloud/services/ssm/automation/multi-target-cloud.js";
import { broken } from "./support.js";

const [ONE, TWO] = MEMBERS;
const clockSpeed = { perRequest: 6000 };

interface Execution {
  readonly AutomationExecution: {
    readonly AutomationExecutionStatus: string;
    readonly ProgressCounters: { readonly TotalSteps: number; readonly SuccessSteps: number };
  };
}

describe("the AWS CLI in the local cloud", function () {
  withAwsCli();
  this.timeout(120_000);
  let served: ServedCloud;
  afterEach(() => served.close());

  describe("over an organisation", () => {
    let testCloud: MultiTargetCloud;
    beforeEach(async () => {
      testCloud = await MultiTargetCloud.make();
      served = await serve(testCloud.cloud, { clockSpeed, broken });
    });
    const log = () => served.environment(LOG, REGION);

    it("starts an automation in other accounts and follows it until it is done", async () => {
      const { AutomationExecutionId: id } = await awsJson<{ AutomationExecutionId: string }>(
        log(),
        ...["ssm", "start-automation-execution", "--document-name", "rest"],
        ...["--parameters", `AutomationAssumeRole=${ADMINISTRATOR}`],
        ...["--target-parameter-name", "Seconds", "--max-concurrency", "2", "--max-errors", "0"],
        ...["--targets", "Key=ParameterValues,Values=PT8S,PT10S", "--target-locations"],
        `Accounts=${ONE},${TWO},Regions=${REGION},TargetLocationMaxConcurrency=1,TargetLocationMaxErrors=0`,
      );
      const lines: string[] = [];
      for (let status = ""; status !== "Success" && lines.length < 20;) {
        const { AutomationExecution: found } = await awsJson<Execution>(
          log(),
          ...["ssm", "get-automation-execution", "--automation-execution-id", id],
        );
        status = found.AutomationExecutionStatus;
        const progress = `${status} ${found.ProgressCounters.SuccessSteps}`;
        if (lines.at(-1) !== progress) lines.push(progress);
      }
      expect(lines).to.deep.equal(["InProgress 0", "InProgress 1", "Success 2"]);
      const { StepExecutions } = await awsJson<{ StepExecutions: { StepName: string }[] }>(
        log(),
        ...["ssm", "describe-automation-step-executions", "--automation-execution-id", id],
      );
      expect(StepExecutions.map(({ StepName }) => StepName)).to.deep.equal([
        `${ONE}_${REGION}`,
        `${TWO}_${REGION}`,
      ]);
    });

    it("knows the organisation, and who it is after assuming a role", async () => {
      const management = served.environment(MANAGEMENT, REGION);
      const { Accounts } = await awsJson<{ Accounts: { Id: string }[] }>(
        management,
        ...["organizations", "list-accounts", "--query", "{Accounts: Accounts[].{Id: Id}}"],
      );
      expect(Accounts.map(({ Id }) => Id)).to.have.members([LOG, MANAGEMENT, ...MEMBERS]);
      const denied = await aws(
        served.environment(ONE, REGION),
        ...["organizations", "list-accounts"],
      );
      expect(denied.status).to.not.equal(0);
      expect(denied.stderr).to.include("(AccessDeniedException) when calling the ListAccounts");
      const refused = await aws(
        log(),
        ...["sts", "assume-role", "--role-arn", ADMINISTRATOR, "--role-session-name", "me"],
      );
      expect(refused.stderr).to.include("(AccessDenied) when calling the AssumeRole operation");
      await testCloud.role("reader", {
        account: ONE,
        trusts: policy(trust({ AWS: LOG })),
        allows: policy(allow("ssm:DescribeInstanceInformation")),
      });
      const { Credentials } = await awsJson<{ Credentials: Record<string, string> }>(
        log(),
        ...["sts", "assume-role", "--role-session-name", "me"],
        ...["--role-arn", `arn:aws:iam::${ONE}:role/reader`],
      );
      const reader = {
        ...log(),
        AWS_ACCESS_KEY_ID: Credentials["AccessKeyId"] ?? "",
        AWS_SECRET_ACCESS_KEY: Credentials["SecretAccessKey"] ?? "",
        AWS_SESSION_TOKEN: Credentials["SessionToken"] ?? "",
      };
      const { Arn } = await awsJson<{ Arn: string }>(reader, "sts", "get-caller-identity");
      expect(Arn).to.equal(`arn:aws:sts::${ONE}:assumed-role/reader/me`);
      const { InstanceInformationList } = await awsJson<{ InstanceInformationList: object[] }>(
        reader,
        ...["ssm", "describe-instance-information"],
      );
      expect(InstanceInformationList).to.deep.equal([]);
    });
  });

  describe("over what hosts said", () => {
    let folder: string;
    let testCloud: QueryCloud;
    beforeEach(async () => {
      testCloud = new QueryCloud();
      await testCloud.prepare();
      await testCloud.output("i-00000000000000001", "alpha\nbeta\n");
      served = await serve(testCloud.cloud, { clockSpeed, broken });
      folder = mkdtempSync(join(tmpdir(), "fleet-aws-cli-"));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
    });
    const environment = () => served.environment(MEMBER, REGION);

    it("copies files into a bucket and out of it, and lists them", async () => {
      const file = join(folder, "a b.txt");
      writeFileSync(file, "some text\n");
      const target = "s3://outputs/in/a b.txt";
      await awsText(environment(), "s3", "cp", file, target);
      const listed = await awsText(environment(), "s3", "ls", "s3://outputs", "--recursive");
      expect(listed.split("\n").map((line) => line.slice(20).trim())).to.deep.equal([
        "10 in/a b.txt",
        `11 output/${RUN_ACCOUNT}/eu-central-1/${RUN}/cmd-1/i-00000000000000001/awsrunShellScript/linux/stdout`,
        "",
      ]);
      const back = join(folder, "back.txt");
      await awsText(environment(), "s3", "cp", target, back);
      expect(readFileSync(back, "utf8")).to.equal("some text\n");
      const removed = await awsText(environment(), "s3", "rm", "s3://outputs/in", "--recursive");
      expect(removed).to.include("delete: s3://outputs/in/a b.txt");
      // More than the AWS CLI gets in one piece: it asks for ranges.
      const text = "0123456789\n".repeat(900_000);
      await testCloud.put("large", text);
      await awsText(environment(), "s3", "cp", "s3://outputs/large", back);
      expect(readFileSync(back, "utf8") === text).to.equal(true);
    });

    it("asks questions in SQL", async () => {
      const { QueryExecutionId: id } = await awsJson<{ QueryExecutionId: string }>(
        environment(),
        ...["athena", "start-query-execution", "--work-group", "cf-runs"],
        ...["--query-execution-context", "Database=cf_runs", "--query-string"],
        `SELECT split("$path", '/')[9] AS host, line FROM output WHERE run = '${RUN}' AND account = '${RUN_ACCOUNT}' ORDER BY line`,
      );
      const states: string[] = [];
      while (!["SUCCEEDED", "FAILED"].includes(states.at(-1) ?? "") && states.length < 20) {
        const { QueryExecution } = await awsJson<{ QueryExecution: { Status: { State: string } } }>(
          environment(),
          ...["athena", "get-query-execution", "--query-execution-id", id],
        );
        states.push(QueryExecution.Status.State);
      }
      expect(states.at(-1)).to.equal("SUCCEEDED");
      const results = await awsText(
        environment(),
        ...["athena", "get-query-results", "--query-execution-id", id, "--output", "text"],
        ...["--query", "ResultSet.Rows[].Data[].VarCharValue"],
      );
      expect(results.trim().split(/\s+/)).to.deep.equal([
        ...["host", "line"],
        ...["i-00000000000000001", "alpha"],
        ...["i-00000000000000001", "beta"],
      ]);
    });
  });
});
