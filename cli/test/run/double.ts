import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import type { SdkSettings, Session } from "../../session.js";
import type { CommandResult } from "../support.js";
import { fleet } from "../support.js";
import { DoubleDocuments } from "./double-documents.js";
import { DoubleRuns } from "./double-runs.js";
import type { Answer, Input, DoubleSetup } from "./double-setup.js";

const PROJECT = resolve(__dirname, "..", "..", "..");
export const LOG = "111111111111";

/**
 * AWS as one test says it is, behind the real SDK clients: for mistakes and sizes that no scenario has. What is answered
 * beyond a table of facts is the rehearsal's, and tested there.
 */
export class Double {
  readonly calls: string[] = [];
  /** Roles, as whom they were assumed, and with which code. */
  readonly assumed: string[] = [];
  private readonly documents: DoubleDocuments;
  private readonly runs: DoubleRuns;
  private readonly folder = mkdtempSync(join(tmpdir(), "fleet-run-"));

  constructor(private readonly setup: DoubleSetup) {
    this.documents = new DoubleDocuments(setup);
    this.runs = new DoubleRuns(setup);
    writeFileSync(join(this.folder, "outputs.json"), JSON.stringify(this.outputs()));
  }

  file(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** `fleet run …`, with this AWS. */
  fleet(
    args: readonly string[],
    ask?: (question: string) => Promise<string>,
    more: Partial<Session> = {},
  ): Promise<CommandResult> {
    return fleet(PROJECT, ["run", ...args, "--outputs", "outputs.json"], {
      folder: this.folder,
      sdk: (region) => this.settings(region),
      sleep: () => Promise.resolve(),
      ...(ask !== undefined && { ask }),
      ...more,
    });
  }

  /** Documents that were made, by `<region> <name>`. */
  get createdDocuments() {
    return this.documents.created;
  }

  get started() {
    return this.runs.started;
  }

  private get regions(): readonly string[] {
    return this.setup.regions ?? ["eu-central-1"];
  }

  private outputs(): object {
    const byRegion = (value: (region: string) => string) =>
      Object.fromEntries(this.regions.map((region) => [region, value(region)]));
    return {
      account: LOG,
      partition: "aws",
      regions: this.regions,
      prefix: "cf",
      runs: {
        accounts: this.setup.served ?? Object.keys(this.setup.accounts),
        runbook: "cf-run-script",
        runbookArns: byRegion((region) => `arn:aws:ssm:${region}:${LOG}:document/cf-run-script`),
        buckets: byRegion(() => "central"),
        database: "cf_runs",
        workgroup: "cf-runs",
        keyArns: [`arn:aws:kms:eu-central-1:${LOG}:key/1`],
        administrationRoleArn: `arn:aws:iam::${LOG}:role/AWS-SystemsManager-AutomationAdministrationRole`,
        executionRoleName: "AWS-SystemsManager-AutomationExecutionRole",
        readerRoleName: "cf-run-reader",
        scripts: {
          ports: byRegion((at) => `arn:aws:ssm:${at}:${LOG}:document/cf-script-ports`),
        },
        ...this.setup.outputs,
      },
    };
  }

  private settings(region: string): SdkSettings {
    return {
      credentials: { accessKeyId: LOG, secretAccessKey: "none" },
      requestHandler: {
        handle: async (request: unknown) => {
          const { latency = 0 } = this.setup;
          if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency));
          return this.handle(request as Sent, region);
        },
        updateHttpClientConfig: () => undefined,
        httpHandlerConfigs: () => ({}),
      },
    };
  }

  private handle({ headers, body, hostname, path = "/", query = {} }: Sent, region: string) {
    const [, caller = "", service = ""] =
      /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(headers["authorization"] ?? "") ?? [];
    const target = headers["x-amz-target"] ?? path.slice(1);
    if (service === "s3") {
      this.calls.push("s3");
      const answered = this.runs.s3(hostname?.split(".")[0] ?? "", path.slice(1), query);
      return respond(answered.status, answered.text, { "content-type": "application/xml" });
    }
    if (service === "sts") return this.sts(new URLSearchParams(textOf(body)));
    const operation = target.slice(target.lastIndexOf(".") + 1);
    this.calls.push(`${service}:${operation}`);
    const input = JSON.parse(textOf(body) || "{}") as Input;
    const answer = this.answer(service, operation, input, caller, region);
    if ("code" in answer) {
      const { code, message } = answer;
      return respond(400, JSON.stringify({ __type: code, message }), { "x-amzn-errortype": code });
    }
    return respond(200, JSON.stringify(answer));
  }

  private sts(form: URLSearchParams) {
    const operation = form.get("Action") ?? "";
    this.calls.push(`sts:${operation}`);
    const answer = (result: string) =>
      respond(
        200,
        `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`,
      );
    if (operation === "GetCallerIdentity") {
      return answer(
        `<Arn>arn:aws:iam::${LOG}:user/ann</Arn><Account>${LOG}</Account><UserId>A</UserId>`,
      );
    }
    const [role, name, mfa] = ["RoleArn", "RoleSessionName", "TokenCode"].map((key) =>
      form.get(key),
    );
    this.assumed.push(`${role ?? ""} as ${name ?? ""}${mfa ? ` with ${mfa}` : ""}`);
    const account = (form.get("RoleArn") ?? "").split(":")[4] ?? "";
    if (this.setup.locked?.includes(account) === true) {
      const text = `User: arn:aws:iam::${LOG}:user/ann is not authorized to perform: sts:AssumeRole on resource: ${form.get("RoleArn") ?? ""}`;
      return respond(
        403,
        `<ErrorResponse><Error><Code>AccessDenied</Code><Message>${text}</Message></Error></ErrorResponse>`,
      );
    }
    return answer(
      `<Credentials><AccessKeyId>${account}</AccessKeyId><SecretAccessKey>none</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>`,
    );
  }

  private answer(
    service: string,
    operation: string,
    input: Input,
    caller: string,
    region: string,
  ): Answer {
    if (service === "organizations") return this.organizations(operation, input);
    if (operation === "DescribeInstanceInformation") return this.instances(input, caller, region);
    const given =
      this.documents.answer(operation, input, region) ?? this.runs.answer(operation, input);
    if (given === undefined) throw new Error(`${service}:${operation} is not in this test's AWS`);
    return given;
  }

  private organizations(operation: string, { ParentId }: Input): Answer {
    const { accounts, closed = [], units = {} } = this.setup;
    const account = (id: string) => ({
      Id: id,
      Name: `name-${id.slice(0, 3)}`,
      State: closed.includes(id) ? "SUSPENDED" : "ACTIVE",
    });
    if (operation === "ListAccounts")
      return { Accounts: [...Object.keys(accounts), ...closed].map(account) };
    const inside = units[String(ParentId)];
    if (inside === undefined)
      return {
        code: "ParentNotFoundException",
        message: "You provided a root or OU that does not exist.",
      };
    const isAccount = (id: string) => /^\d/.test(id);
    return operation === "ListAccountsForParent"
      ? { Accounts: inside.filter(isAccount).map(account) }
      : { OrganizationalUnits: inside.filter((id) => !isAccount(id)).map((Id) => ({ Id })) };
  }

  /** Pages of as many as were asked for. */
  private instances(input: Input, caller: string, region: string): Answer {
    const [{ Key, Values } = { Key: "", Values: [] }] = (input["Filters"] ?? []) as {
      Key: string;
      Values: string[];
    }[];
    const hosts = (this.setup.accounts[caller]?.[region] ?? []).filter(({ id, tags = {} }) =>
      Key === "InstanceIds" ? Values.includes(id) : Values.includes(tags[Key.slice(4)] ?? ""),
    );
    const from = Number(input["NextToken"] ?? 0);
    const to = from + Number(input["MaxResults"] ?? 10);
    return {
      InstanceInformationList: hosts
        .slice(from, to)
        .map(({ id, platform = "Linux", status = "Online" }) => ({
          InstanceId: id,
          ComputerName: id,
          PlatformType: platform,
          PingStatus: status,
        })),
      ...(to < hosts.length && { NextToken: String(to) }),
    };
  }
}

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly path?: string;
  readonly hostname?: string;
  readonly query?: Readonly<Record<string, string>>;
}

function respond(statusCode: number, text: string, headers: Readonly<Record<string, string>> = {}) {
  const body = Readable.from([new TextEncoder().encode(text)]);
  return {
    response: { statusCode, headers: { "content-type": "application/json", ...headers }, body },
  };
}

const textOf = (body: unknown): string =>
  body instanceof Uint8Array
    ? new TextDecoder().decode(body)
    : typeof body === "string"
      ? body
      : "";
