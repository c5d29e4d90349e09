import { expect } from "chai";
import { printLock, withRelease } from "../../../packing/lock-file.js";
import type { LogConfig, MemberConfig } from "../../../stacks/config.js";
import { keys, parseConfig } from "../../../stacks/config.js";
import { ConfigError } from "../../../stacks/config/error.js";
import { warningsOf } from "../../../stacks/config/warnings.js";
import { entry, logsOf, project, rawLog, rawMember } from "../../support/configs.js";

/** An entry of `fleet:routes`. */
const route = (values: object = {}) => ({
  name: "silent",
  query: "no-answer",
  parameters: ["schedule-facts"],
  schedule: "rate(1 day)",
  rules: [{ topic: "ops" }],
  ...values,
});

const rawRoutes = (...routes: object[]) =>
  rawLog({ runAccounts: ["*"], routes, routeTopics: { ops: [] } });

type Values = Readonly<Record<string, unknown>>;

/** The lines of the error that a config ends in, without the first. */
function problemsOf(raw: Values, files: Record<string, string> = {}): string[] {
  try {
    parseConfig(raw, project(files));
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n  ").slice(1);
    throw error;
  }
  return [];
}

const packages = (...values: Values[]) => rawLog({ packages: values.map((value) => entry(value)) });
const host = (values: Values) => rawMember({ hosts: { web: { platform: "linux", ...values } } });

const long = "a".repeat(75);

/** Each config has one problem; the text is all that a person gets to see. */
const cases: readonly [what: string, raw: Values, problem: string][] = [
  [
    "an unknown role",
    rawLog({ role: "shared", packages: [] }),
    'fleet:role: expected one of log, member, got "shared"',
  ],
  ["no role", rawLog({ role: undefined }), "fleet:role: expected one of log, member, got nothing"],
  [
    "an account to run in twice",
    rawLog({ runAccounts: ["222222222222", "222222222222"] }),
    'fleet:runAccounts[1]: expected each account once, got "222222222222" again; remove it',
  ],
  [
    "a star beside accounts to run in",
    rawLog({ runAccounts: ["*", "222222222222"] }),
    'fleet:runAccounts[0]: expected ["*"] alone, got it beside account ids; * has all of them',
  ],
  [
    "an account twice in a share",
    packages({ share: ["222222222222", "222222222222"] }),
    'fleet:packages[0].share: expected each account once, got "222222222222" again; remove it',
  ],
  [
    "a package twice on a host",
    host({ packages: ["tool", "tool"] }),
    'fleet:hosts.web.packages[1]: expected each package once, got "tool" again; remove it',
  ],
  [
    "a star beside services",
    rawMember({ endpoints: ["*", "ssm"] }),
    'fleet:endpoints: expected services, or ["*"] alone, got ["*","ssm"]; * has all of them',
  ],
  [
    "a service twice",
    rawMember({ endpoints: ["ssm", "ssm"] }),
    'fleet:endpoints[1]: expected each service once, got "ssm" again; remove it',
  ],
  [
    "a VPC with a space behind it",
    rawMember({ vpc: "main " }),
    'fleet:vpc: expected the Name tag or id of the VPC that the hosts live in, got "main "',
  ],
  [
    "an offset for a time zone",
    rawMember({
      schedules: { night: { script: "facts", schedule: "rate(1 day)", timeZone: "+01:00" } },
    }),
    'fleet:schedules.night.timeZone: expected a time zone such as Europe/Berlin, got "+01:00"',
  ],
  [
    "a time zone in capitals",
    rawMember({
      schedules: { night: { script: "facts", schedule: "rate(1 day)", timeZone: "EUROPE/BERLIN" } },
    }),
    'fleet:schedules.night.timeZone: expected a time zone such as Europe/Berlin, got "EUROPE/BERLIN"',
  ],
  [
    "a rule with a column and no operator, which would take every row",
    rawRoutes(route({ rules: [{ column: "status", value: "x", topic: "ops" }] })),
    "fleet:routes[0].rules[0].operator: expected one of equals, differs, contains, above, below beside column and value, got always, which takes every row; remove both where that is meant",
  ],
  [
    "a rule twice",
    rawRoutes(route({ rules: [{ topic: "ops" }, { topic: "ops" }] })),
    "fleet:routes[0].rules[1]: expected each rule once, got one again; remove it",
  ],
  ...(
    [
      [
        "DELETE FROM output",
        'sql: expected a query, which begins with SELECT or WITH, got "DELETE"',
      ],
      ["SELECT 'a", "sql: expected a query, got one in which ' is opened and not closed"],
      ["SELECT (1", "sql: expected as many ) as (, got 1 of ( and 0 of )"],
      ["SELECT 1; SELECT 2", "sql: expected one query, got a second one after ;"],
      ["SELECT ? -- why?", "parameters: expected 1, one for each ? of the query, got 0"],
    ] as const
  ).map(([sql, problem]): [string, Values, string] => [
    `the query ${sql}`,
    rawRoutes(route({ query: undefined, sql, parameters: [] })),
    `fleet:routes[0].${problem}`,
  ]),
  [
    "an account to run in that is no id",
    rawLog({ runAccounts: ["222222222222", "prod"] }),
    'fleet:runAccounts[1]: expected 12 digits, got "prod"; write the account id in quotes',
  ],
  [
    "its own account to run in",
    rawLog({ runAccounts: ["111111111111"] }),
    'fleet:runAccounts[0]: expected other accounts, got "111111111111", this one; remove it',
  ],
  [
    "accounts to run in that are no list",
    rawLog({ runAccounts: "*" }),
    'fleet:runAccounts: expected a list of account ids, or ["*"] for the organisation, got "*"',
  ],
  [
    "more accounts to run in than a policy holds",
    rawLog({ runAccounts: Array.from({ length: 101 }, (_, index) => String(4e11 + index)) }),
    'fleet:runAccounts: expected at most 100 accounts, got 101, and a policy lists no more; write ["*"] for the organisation',
  ],
  [
    "people who run scripts nowhere",
    rawLog({ runners: { principals: ["arn:aws:iam::333333333333:root"] } }),
    "fleet:runners: expected only with fleet:runAccounts, which names no account; set both",
  ],
  [
    "a Region for output that is not served",
    rawLog({ runAccounts: ["*"], outputRegions: ["eu-west-1"] }),
    'fleet:outputRegions[0]: expected one of fleet:regions (eu-central-1), got "eu-west-1"; add it there first',
  ],
  [
    "a Region for output twice",
    rawLog({ runAccounts: ["*"], outputRegions: ["eu-central-1", "eu-central-1"] }),
    'fleet:outputRegions[1]: expected each Region once, got "eu-central-1" again',
  ],
  [
    "output that never goes",
    rawLog({ runAccounts: ["*"], outputDays: 4000 }),
    "fleet:outputDays: expected a whole number of days from 1 to 3650, got 4000",
  ],
  [
    "a limit of queries that AWS does not take",
    rawLog({ runAccounts: ["*"], queryLimitBytes: 1000 }),
    "fleet:queryLimitBytes: expected a whole number of bytes from 10485760 to 1000000000000000, got 1000",
  ],
  [
    "a route without runs",
    rawLog({ routes: [route()], routeTopics: { ops: [] } }),
    "fleet:routes: expected only with fleet:runAccounts, which names no account; set both",
  ],
  [
    "a route to nowhere",
    rawLog({ runAccounts: ["*"], routes: [route()], routeTopics: { opps: [] } }),
    'fleet:routes[0].rules[0].topic: expected a topic of fleet:routeTopics (opps), got "ops"; did you mean "opps"?',
  ],
  [
    "a route with a query that nobody wrote",
    rawRoutes(route({ query: "no-answers" })),
    'fleet:routes[0].query: expected one of differences, errors-of-run, latest-output, no-answer, output-of-run, same-answers, got "no-answers"; did you mean "no-answer"?',
  ],
  [
    "a route with a query of its own and a named one",
    rawRoutes(route({ sql: "SELECT 1" })),
    "fleet:routes[0]: expected either query or sql",
  ],
  [
    "a route that lacks a parameter",
    rawRoutes(route({ parameters: [] })),
    "fleet:routes[0].parameters: expected 1 (run, in quotes: '20260101t090000z-3fa94c'), got 0",
  ],
  [
    "two routes of the same name",
    rawRoutes(route(), route()),
    'fleet:routes[1].name: expected another name for each route, got "silent" again',
  ],
  [
    "a route whose schedule is no expression",
    rawRoutes(route({ schedule: "daily" })),
    'fleet:routes[0].schedule: expected rate(VALUE UNIT) or cron(MINUTES HOURS DAY-OF-MONTH MONTH DAY-OF-WEEK YEAR), got "daily"; such as rate(1 day), rate(6 hours) or cron(0 6 * * ? *)',
  ],
  [
    "a rule that compares with no number",
    rawRoutes(
      route({ rules: [{ column: "used", operator: "above", value: "many", topic: "ops" }] }),
    ),
    'fleet:routes[0].rules[0].value: expected a number for above, got "many"',
  ],
  [
    "a rule that compares no column",
    rawRoutes(route({ rules: [{ operator: "equals", value: "x", topic: "ops" }] })),
    "fleet:routes[0].rules[0].column: expected one for equals",
  ],
  [
    "a rule whose value would end an expression",
    rawRoutes(
      route({ rules: [{ column: "c", operator: "equals", value: "a %} b", topic: "ops" }] }),
    ),
    'fleet:routes[0].rules[0].value: expected 1-256 characters on one line, without %}, got "a %} b"',
  ],
  [
    "an account id that is too short",
    rawLog({ account: "1234" }),
    'fleet:account: expected 12 digits, got "1234"; write the account id in quotes',
  ],
  [
    "an account id whose leading zero YAML took away",
    rawLog({ account: 11111111111 }),
    "fleet:account: expected 12 digits, got 11111111111; write the account id in quotes",
  ],
  [
    "an unknown partition",
    rawLog({ partition: "aws-eu" }),
    'fleet:partition: expected one of aws, aws-cn, aws-us-gov, got "aws-eu"',
  ],
  [
    "a misspelt Region",
    rawLog({ regions: ["eu-centrl-1"] }),
    'fleet:regions[0]: expected a Region of aws, got "eu-centrl-1"; did you mean "eu-central-1"?',
  ],
  [
    "a Region of another partition",
    rawLog({ regions: ["eu-central-1", "cn-north-1"] }),
    'fleet:regions[1]: expected a Region of aws, got "cn-north-1", which is in aws-cn; a stack stays in its partition',
  ],
  [
    "a Region that comes twice",
    rawLog({ regions: ["eu-west-1", "eu-west-1"] }),
    'fleet:regions[1]: expected each Region once, got "eu-west-1" again',
  ],
  [
    "no Regions",
    rawLog({ regions: [] }),
    "fleet:regions: expected at least one Region, home first, got none",
  ],
  [
    "a Region that is no list",
    rawLog({ regions: "eu-central-1" }),
    'fleet:regions: expected a list of Regions, home first, got "eu-central-1"',
  ],
  [
    "a prefix that AWS reserves",
    rawLog({ prefix: "aws-fleet" }),
    'fleet:prefix: expected 1-20 letters a-z, digits or -, beginning with a letter and not with aws, amazon or amzn, which AWS reserves, got "aws-fleet"',
  ],
  [
    "a role of another account to assume",
    rawLog({ assumeRole: "arn:aws:iam::999999999999:role/deploy" }),
    'fleet:assumeRole: expected the ARN of a role in the stack\'s account, got "arn:aws:iam::999999999999:role/deploy"',
  ],
  [
    "a key in another Region than the bucket",
    rawLog({ kmsKeyArn: "arn:aws:kms:eu-west-1:999999999999:key/1" }),
    "fleet:kmsKeyArn: expected the ARN of a KMS key in the stack's first Region, got \"arn:aws:kms:eu-west-1:999999999999:key/1\"; a bucket's key is in the bucket's Region; an alias is not enough",
  ],
  [
    "a misspelt key",
    rawLog({ pakages: [] }),
    `fleet:pakages: expected one of the keys ${Object.keys(keys).join(", ")}; did you mean "packages"?`,
  ],
  [
    "a key that every object has",
    rawLog({ constructor: 1 }),
    `fleet:constructor: expected one of the keys ${Object.keys(keys).join(", ")}`,
  ],
  [
    "hosts in a stack of role log",
    rawLog({ hosts: { web: { platform: "linux" } } }),
    "fleet:hosts: expected only in a stack of role member; this one is log: remove it, or move it",
  ],
  [
    "packages that are no list",
    rawLog({ packages: { tool: {} } }),
    'fleet:packages: expected a list, got {"tool":{}}',
  ],
  [
    "a package that is no object",
    rawLog({ packages: ["tool"] }),
    'fleet:packages[0]: expected an object, got "tool"',
  ],
  [
    "a misspelt field",
    packages({ verison: "1.0.0" }),
    'fleet:packages[0].verison: expected one of the fields name, version, executable, os, architecture, install, uninstall, validate, secrets, share; did you mean "version"?',
  ],
  [
    "a missing field",
    packages({ uninstall: undefined }),
    "fleet:packages[0].uninstall: expected one line that removes what install put there, got nothing",
  ],
  [
    "a version that is too short",
    packages({ version: "v1" }),
    'fleet:packages[0].version: expected 3-128 letters, digits, _, - or ., got "v1"; write it in quotes, so that 1.10 does not become 1.1',
  ],
  [
    "a version that YAML took for a number",
    packages({ version: 1.1 }),
    "fleet:packages[0].version: expected 3-128 letters, digits, _, - or ., got 1.1; write it in quotes, so that 1.10 does not become 1.1",
  ],
  [
    "a version with other characters",
    packages({ version: "1.0+1" }),
    'fleet:packages[0].version: expected 3-128 letters, digits, _, - or ., got "1.0+1"; write it in quotes, so that 1.10 does not become 1.1',
  ],
  [
    "a version that is repeated for the same platform",
    packages({}, {}),
    "fleet:packages[1]: expected each variant once, got tool 1.0.0 for linux/_any again, after packages[0]; remove one of them",
  ],
  [
    "two versions of a package",
    packages({}, { version: "1.1.0" }),
    'fleet:packages[1].version: expected "1.0.0" as in packages[0], got "1.1.0"; a stack publishes one version of a package at a time, and AWS keeps the ones before: leave the newest',
  ],
  [
    "variants that are shared with different accounts",
    packages({}, { os: "windows", share: ["333333333333"] }),
    "fleet:packages[1].share: expected the same accounts as in packages[0]; the variants of tool are one document, shared as one",
  ],
  [
    "an executable that is missing",
    packages({ executable: "tools/other" }),
    'fleet:packages[0].executable: expected a file or a folder, found none at "tools/other"',
  ],
  [
    "an executable that is empty",
    packages({ executable: "tools/empty" }),
    'fleet:packages[0].executable: expected an executable, got an empty file at "tools/empty"',
  ],
  [
    "an executable outside of the project",
    packages({ executable: "../tool" }),
    'fleet:packages[0].executable: expected a path inside the project, got "../tool"; copy it there',
  ],
  [
    "an executable that takes the place of a script",
    packages({ executable: "tools/install.sh" }),
    'fleet:packages[0].executable: expected another file name than that of a generated script, got "tools/install.sh"',
  ],
  [
    "days that are none",
    rawLog({ tmpDays: "0" }),
    "fleet:tmpDays: expected a whole number of days from 1 to 365, got 0",
  ],
  [
    "days that are no number",
    rawLog({ tmpDays: "a week" }),
    'fleet:tmpDays: expected a whole number of days from 1 to 365, got "a week"',
  ],
  [
    "a folder without files",
    packages({ executable: "tools/none" }),
    'fleet:packages[0].executable: expected a file or a folder, found none at "tools/none"',
  ],
  [
    "a file of a folder that takes the place of a script",
    packages({ executable: "folder" }),
    'fleet:packages[0].executable: expected another file name than that of a generated script, got "folder/Validate.sh"',
  ],
  [
    "a validate script of two lines",
    packages({ validate: "true\ntrue" }),
    'fleet:packages[0].validate: expected one line that succeeds where the package works, got "true\\ntrue"',
  ],
  [
    "secrets that are no object",
    packages({ secrets: ["TOKEN"] }),
    'fleet:packages[0].secrets: expected an object of variables and names of parameters, got ["TOKEN"]',
  ],
  [
    "a secret in a variable that shells do not take",
    packages({ secrets: { "api-token": "/tool/token" } }),
    'fleet:packages[0].secrets.api-token: expected a variable of letters A-Z, digits and _, got "api-token"',
  ],
  [
    "a secret in a variable of the arguments",
    packages({ secrets: { SSM_TOKEN: "/tool/token" } }),
    'fleet:packages[0].secrets.SSM_TOKEN: expected a variable of the package\'s own, got "SSM_TOKEN"; the system, the agent or AWS give it a meaning',
  ],
  [
    "a secret that is a value, not the name of a parameter",
    packages({ secrets: { TOKEN: "hunter2" } }),
    'fleet:packages[0].secrets.TOKEN: expected the name of an SSM parameter, beginning with / and of at most 15 levels, got "hunter2"',
  ],
  [
    "a secret of AWS's",
    packages({ secrets: { TOKEN: "/aws/reference/secretsmanager/token" } }),
    'fleet:packages[0].secrets.TOKEN: expected a parameter of your own, got "/aws/reference/secretsmanager/token"; AWS reserves /aws and /ssm',
  ],
  [
    "an unknown operating system",
    packages({ os: "ubunto" }),
    'fleet:packages[0].os: expected one of linux, windows, amazon, centos, debian, opensuse, opensuseleap, oracle, redhat, rocky, suse, ubuntu, got "ubunto"',
  ],
  [
    "an unknown architecture",
    packages({ architecture: "amd64" }),
    'fleet:packages[0].architecture: expected one of x86_64, arm64, 386, _any, got "amd64"',
  ],
  [
    "an empty install script",
    packages({ install: "  " }),
    'fleet:packages[0].install: expected one line that installs the executable, got "  "',
  ],
  [
    "an install script of two lines",
    packages({ install: "true\ntrue" }),
    'fleet:packages[0].install: expected one line that installs the executable, got "true\\ntrue"',
  ],
  [
    "an account to share with that is none",
    packages({ share: "222222222222, 12" }),
    'fleet:packages[0].share: expected account ids of 12 digits or *, got "12"; write them in quotes',
  ],
  [
    "sharing with the public",
    packages({ share: "All" }),
    'fleet:packages[0].share: expected account ids, got "All", which would publish the package to everyone; * shares it with the organisation',
  ],
  [
    "sharing with the owner",
    packages({ share: ["111111111111"] }),
    'fleet:packages[0].share: expected other accounts, got "111111111111", which owns the package; remove it',
  ],
  [
    "a document name that its ARN has no room for",
    packages({ name: long }),
    `fleet:packages[0].name: expected an ARN of at most 128 characters for document "cf-package-${long}", got 133 (arn:aws:ssm:eu-central-1:111111111111:document/cf-package-${long}); shorten the name by 5`,
  ],
  [
    "a document name that is too long in one of the Regions only",
    rawLog({
      partition: "aws-us-gov",
      regions: ["us-gov-east-1", "us-gov-west-1"],
      packages: [entry({ name: "a".repeat(63) })],
    }),
    `fleet:packages[0].name: expected an ARN of at most 128 characters for document "cf-package-${"a".repeat(63)}", got 129 (arn:aws-us-gov:ssm:us-gov-east-1:111111111111:document/cf-package-${"a".repeat(63)}); shorten the name by 1`,
  ],
  [
    "a host name that is none",
    rawMember({ hosts: { Web_1: { platform: "linux" } } }),
    "fleet:hosts.Web_1: expected a name of 1-32 letters a-z, digits or -, beginning with a letter",
  ],
  [
    "an instance type that is none",
    host({ instanceType: "micro" }),
    'fleet:hosts.web.instanceType: expected an EC2 instance type, got "micro"; write for example "t3.micro"',
  ],
  [
    "an instance type whose size is misspelt",
    host({ instanceType: "m7i.larg" }),
    'fleet:hosts.web.instanceType: expected an EC2 instance type, got "m7i.larg"; write for example "t3.micro"',
  ],
  [
    "a Windows host on a Graviton",
    host({ platform: "windows", instanceType: "t4g.medium" }),
    'fleet:hosts.web.instanceType: expected a type with an x86_64 processor, got "t4g.medium"; there is no Windows Server for AWS Graviton',
  ],
  [
    "Windows Server 2025 on a type that boots no UEFI",
    host({ platform: "windows", instanceType: "t2.medium" }),
    'fleet:hosts.web.instanceType: expected a type of the Nitro System, got "t2.medium"; /aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base boots by UEFI, which t2 does not have',
  ],
  [
    "an image for another platform",
    host({ image: "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base" }),
    'fleet:hosts.web.image: expected the public parameter of an image for linux, got "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base"',
  ],
  [
    "an image for another processor",
    host({
      instanceType: "t4g.micro",
      image: "/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-6.1-x86_64",
    }),
    'fleet:hosts.web.image: expected an image for arm64, which is the processor of t4g.micro, got "/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-6.1-x86_64"',
  ],
  [
    "an image that is no public parameter",
    host({ image: "ami-0123456789abcdef0" }),
    'fleet:hosts.web.image: expected a public parameter that names an image, got "ami-0123456789abcdef0"; /aws/service/…',
  ],
  [
    "a CloudWatch configuration with a path",
    host({ cloudwatch: "/cloudwatch/config/linux" }),
    'fleet:hosts.web.cloudwatch: expected the name of a CloudWatch configuration, got "/cloudwatch/config/linux"; without /cloudwatch/config/, or SKIP',
  ],
  [
    "a misspelt name of a CloudWatch configuration",
    host({ cloudwatch: "linx" }),
    'fleet:hosts.web.cloudwatch: expected one of linux, windows, or SKIP, got "linx"; did you mean "linux"?',
  ],
  [
    "a CloudWatch configuration that is not among the stack's",
    rawMember({
      cloudwatchConfigs: { db: "cloudwatch/linux.json", linux: "cloudwatch/linux.json" },
      hosts: {
        a: { platform: "linux", cloudwatch: "db" },
        b: { platform: "linux", cloudwatch: "audit" },
      },
    }),
    'fleet:hosts.b.cloudwatch: expected one of linux, windows, db, or SKIP, got "audit"; add it to fleet:cloudwatchConfigs',
  ],
  [
    "arguments of a package that the host does not have",
    host({ packages: ["tool"], arguments: { other: { SSM_PORT: "80" } } }),
    'fleet:hosts.web.arguments: expected one of the host\'s packages (tool), got "other"',
  ],
  [
    "an argument that is no environment variable of SSM",
    host({ packages: ["tool"], arguments: { tool: { PORT: "80" } } }),
    'fleet:hosts.web.arguments.tool.PORT: expected names that begin with SSM_, in capitals, each with text, got "PORT"',
  ],
  [
    "an argument that YAML took for a number",
    host({ packages: ["tool"], arguments: { tool: { SSM_LEVEL: 1.1 } } }),
    "fleet:hosts.web.arguments.tool.SSM_LEVEL: expected text, got 1.1; write it in quotes",
  ],
  [
    "arguments that no tag can hold",
    host({ packages: ["tool"], arguments: { tool: { SSM_TEXT: "a".repeat(250) } } }),
    "fleet:hosts.web.arguments: expected at most 256 characters as JSON, which is what a tag holds; give long values as a file of the package",
  ],
  [
    "a Windows name that NetBIOS has no room for",
    host({ platform: "windows", hostname: "a-much-too-long-name" }),
    'fleet:hosts.web.hostname: expected 1-15 letters, digits or -, not only digits and no - at an end, got "a-much-too-long-name"',
  ],
  [
    "a name that two hosts are to have",
    rawMember({
      hosts: {
        web: { platform: "linux", hostname: "app" },
        build: { platform: "linux", hostname: "APP" },
      },
    }),
    'fleet:hosts.build.hostname: expected each name once, got "APP" again, after fleet:hosts.web',
  ],
  [
    "a Linux host that joins a domain",
    host({ domain: "d-1234567890" }),
    'fleet:hosts.web.domain: expected only for a Windows host, got "d-1234567890"; the bootstrap joins no Linux host',
  ],
  [
    "a directory that is none",
    host({ platform: "windows", domain: "corp.example.com" }),
    'fleet:hosts.web.domain: expected the id of a directory, got "corp.example.com"; d- and ten digits or a-f',
  ],
  [
    "snapshots by VSS of a Linux host",
    host({ vss: true }),
    "fleet:hosts.web.vss: expected only for a Windows host; Linux has no VSS",
  ],
  [
    "a volume that Windows does not fit on",
    host({ platform: "windows", volumeSizeGiB: 20 }),
    "fleet:hosts.web.volumeSizeGiB: expected 30-2048 GiB for windows, got 20",
  ],
  [
    "half a gibibyte",
    host({ volumeSizeGiB: 8.5 }),
    "fleet:hosts.web.volumeSizeGiB: expected a whole number of GiB, got 8.5",
  ],
  [
    "a flag that is text",
    host({ enabled: "yes" }),
    'fleet:hosts.web.enabled: expected true or false, got "yes"',
  ],
  [
    "packages of a host that no tag can hold",
    host({ packages: Array.from({ length: 30 }, (_, index) => `package-${index}`) }),
    "fleet:hosts.web.packages: expected a list of at most 256 characters as JSON, which is what a tag holds",
  ],
  [
    "a misspelt field of a host",
    host({ package: ["tool"] }),
    'fleet:hosts.web.package: expected one of the fields platform, instanceType, image, packages, cloudwatch, enabled, subnet, arguments, hostname, domain, vss, volumeSizeGiB; did you mean "packages"?',
  ],
  [
    "hosts without a VPC",
    rawMember({ vpc: "" }),
    'fleet:vpc: expected the Name tag or id of the VPC that the hosts live in, got ""',
  ],
  [
    "an address that is none",
    rawMember({ notify: ["ops@example"] }),
    'fleet:notify[0]: expected an e-mail address such as ops@example.com, got "ops@example"',
  ],
  [
    "an address that comes twice",
    rawMember({ notify: ["ops@example.com", "ops@example.com"] }),
    'fleet:notify[1]: expected each address once, got "ops@example.com" again; remove it',
  ],
  [
    "addresses that are no list",
    rawMember({ notify: "ops@example.com" }),
    'fleet:notify: expected a list of e-mail addresses, got "ops@example.com"',
  ],
  [
    "endpoints without a VPC",
    rawMember({ vpc: "", hosts: {}, endpoints: ["*"] }),
    'fleet:vpc: expected the Name tag or id of the VPC that the hosts live in, got ""',
  ],
  [
    "an endpoint for a service that hosts do not call",
    rawMember({ endpoints: ["ssm", "sts"] }),
    'fleet:endpoints[1]: expected one of *, ssm, ssmmessages, ec2messages, logs, kms, monitoring, s3, got "sts"',
  ],
  [
    "an account in the VPC that is none",
    rawMember({ endpointAccounts: ["3333"] }),
    'fleet:endpointAccounts[0]: expected 12 digits, got "3333"; write the account id in quotes',
  ],
  [
    "a configuration of the CloudWatch agent that is not there",
    rawMember({ cloudwatchConfigs: { web: "nowhere.json" } }),
    'fleet:cloudwatchConfigs.web: expected a file, found none at "nowhere.json"',
  ],
  [
    "one that is no JSON",
    rawMember({ cloudwatchConfigs: { web: "tools/tool" } }),
    "fleet:cloudwatchConfigs.web: tools/tool: expected a JSON object, as the CloudWatch agent reads it",
  ],
  [
    "one whose log group nobody makes",
    rawMember({ cloudwatchConfigs: { web: "foreign.json" } }),
    'fleet:cloudwatchConfigs.web: foreign.json: expected a log_group_name that begins with /cf/ec2/ (written as /${prefix}/ec2/), got "/var/log/messages"; only such groups are made, encrypted, and may be written',
  ],
  [
    "one that leaves its log group to the agent",
    rawMember({ cloudwatchConfigs: { web: "groupless.json" } }),
    "fleet:cloudwatchConfigs.web: groupless.json: expected a log_group_name that begins with /cf/ec2/ (written as /${prefix}/ec2/), got none; only such groups are made, encrypted, and may be written",
  ],
  [
    "one that the CloudWatch agent would refuse",
    rawMember({ cloudwatchConfigs: { web: "misspelt.json" } }),
    'fleet:cloudwatchConfigs.web: misspelt.json: logs.logs_collected.files.collect_list[0]: expected no "timezones", which the agent does not know here',
  ],
  [
    "one with metrics in another namespace",
    rawMember({ cloudwatchConfigs: { web: "named.json" } }),
    'fleet:cloudwatchConfigs.web: named.json: expected the namespace CWAgent, got "Web"; hosts may put metrics into no other',
  ],
  [
    "one that Parameter Store does not hold",
    rawMember({ cloudwatchConfigs: { web: "large.json" } }),
    "fleet:cloudwatchConfigs.web: large.json: expected at most 8192 bytes, got 8193",
  ],
  [
    "one with what Parameter Store takes for an expression",
    rawMember({ cloudwatchConfigs: { web: "braces.json" } }),
    "fleet:cloudwatchConfigs.web: braces.json: expected no {{ }}, which Parameter Store refuses",
  ],
  [
    "a name of a configuration with a path",
    rawMember({ cloudwatchConfigs: { "a/b": "foreign.json" } }),
    "fleet:cloudwatchConfigs.a/b: expected a name of 1-100 letters, digits, _ . or -",
  ],
  [
    "a retention that CloudWatch has not",
    rawMember({ logRetentionDays: 42 }),
    "fleet:logRetentionDays: expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, got 42",
  ],
  [
    "people who are none",
    rawMember({ sessionUsers: { principals: ["Operators"] } }),
    'fleet:sessionUsers.principals[0]: expected the ARN of a role, a user or an account (…:root) of the partition, got "Operators"',
  ],
  [
    "nobody who may open sessions",
    rawMember({ sessionUsers: { principals: [] } }),
    "fleet:sessionUsers.principals: expected a list of at least one ARN, got []",
  ],
  [
    "a misspelt field of the people",
    rawMember({ sessionUsers: { principals: ["arn:aws:iam::333333333333:root"], mfs: true } }),
    'fleet:sessionUsers: expected only the fields principals, mfa, got "mfs"; did you mean "mfa"?',
  ],
  [
    "Identity Center in a Region that is none",
    rawLog({ identityCenter: { accounts: ["222222222222"], region: "eu-centrl-1" } }),
    'fleet:identityCenter.region: expected a Region of aws, got "eu-centrl-1"',
  ],
  [
    "Identity Center for no account",
    rawLog({ identityCenter: { region: "eu-west-1" } }),
    "fleet:identityCenter.accounts: expected a list of at least one account id, got nothing",
  ],
  [
    "a group of Identity Center by its name",
    rawLog({ identityCenter: { accounts: ["222222222222"], groupId: "operators" } }),
    'fleet:identityCenter.groupId: expected the id of a group, a UUID, got "operators"',
  ],
  [
    "a stack name that is none",
    rawMember({ logStack: "a/b/c/d" }),
    'fleet:logStack: expected the name of a stack, got "a/b/c/d"',
  ],
];

describe("The config", () => {
  for (const [what, raw, problem] of cases) {
    it(`refuses ${what}`, () => {
      const files = {
        "tools/empty": "",
        "foreign.json": logsOf({ file_path: "/x", log_group_name: "/var/log/messages" }),
        "groupless.json": logsOf({ file_path: "/var/log/messages" }),
        "misspelt.json": logsOf({
          file_path: "/x",
          log_group_name: "/cf/ec2/x",
          timezones: "UTC",
        }),
        "named.json":
          '{"metrics":{"namespace":"Web","metrics_collected":{"mem":{"measurement":["used"]}}}}',
        "large.json": JSON.stringify({ traces: "a".repeat(8193 - 13) }),
        "braces.json": '{"traces":"{{ b }}"}',
        "tools/install.sh": "",
        "folder/Validate.sh": "exit 0",
        "folder/tool": "tool",
      };
      expect(problemsOf(raw, files)).to.deep.equal([problem]);
    });
  }

  it("says everything that is wrong at once", () => {
    const raw = {
      role: "both",
      account: "1",
      regions: ["mars-1"],
      hosts: { web: { platform: "beos" } },
      packages: [entry({ version: "1", executable: "nowhere", os: "beos" })],
    };
    expect(problemsOf(raw)).to.deep.equal([
      'fleet:role: expected one of log, member, got "both"',
      'fleet:account: expected 12 digits, got "1"; write the account id in quotes',
      'fleet:regions[0]: expected a Region of aws, got "mars-1"',
      'fleet:packages[0].version: expected 3-128 letters, digits, _, - or ., got "1"; write it in quotes, so that 1.10 does not become 1.1',
      'fleet:packages[0].executable: expected a file or a folder, found none at "nowhere"',
      'fleet:packages[0].os: expected one of linux, windows, amazon, centos, debian, opensuse, opensuseleap, oracle, redhat, rocky, suse, ubuntu, got "beos"',
      'fleet:vpc: expected the Name tag or id of the VPC that the hosts live in, got ""',
      'fleet:hosts.web.platform: expected one of linux, windows, got "beos"',
    ]);
  });

  it("says that no ARN has room for a name, even where the account is wrong", () => {
    const raw = rawLog({ account: "1", packages: [entry({ name: "a".repeat(90) })] });
    expect(problemsOf(raw)).to.deep.equal([
      'fleet:account: expected 12 digits, got "1"; write the account id in quotes',
      "fleet:packages[0].name: expected a shorter name, got one of 90 characters; the ARN of its document, with account, Region and prefix, has at most 128",
    ]);
  });

  it("counts its problems in the first line of an error that is printed bare", () => {
    const parse = () => parseConfig(rawLog({ account: "1", prefix: "" }), project());
    expect(parse).to.throw(ConfigError, /^2 problems in the configuration\n/);
  });

  it("takes what Pulumi.yaml sets in every stack for not set", () => {
    const unset = {
      kmsKeyArn: "",
      vpc: "",
      hosts: {},
      logStack: "organization/fleet/log",
      logRetentionDays: "90",
    };
    expect(problemsOf(rawLog(unset))).to.deep.equal([]);
    expect(problemsOf(rawMember({ tmpDays: "7" }))).to.deep.equal([]);
    expect(problemsOf(rawMember({ tmpDays: "8" }))).to.have.length(1);
  });

  it("takes numbers and truths in quotes, and texts that are numbers, by one rule", () => {
    const member = parseConfig(
      rawMember({
        logRetentionDays: "90",
        hosts: {
          web: {
            platform: "linux",
            packages: ["tool"],
            enabled: "false",
            volumeSizeGiB: "40",
            arguments: { tool: { SSM_PORT: 80 } },
          },
        },
        schedules: {
          night: {
            script: "disk-pressure",
            parameters: { Percent: 80 },
            schedule: "rate(1 day)",
            durationHours: "3",
            maxConcurrency: 5,
            maxErrors: 0,
          },
        },
      }),
      project(),
    ) as MemberConfig;
    expect(member.hosts["web"]).to.include({ enabled: false, volumeSizeGiB: 40 });
    expect(member.hosts["web"]?.arguments).to.deep.equal({ tool: { SSM_PORT: "80" } });
    const { work, durationHours, maxConcurrency, maxErrors } = member.schedules["night"] ?? {};
    expect(work?.parameters).to.deep.equal({ Percent: "80" });
    expect([durationHours, maxConcurrency, maxErrors]).to.deep.equal([3, "5", "0"]);
  });

  it("shares a package with nobody where it has no share", () => {
    const { packages: read } = parseConfig(packages({ share: undefined }), project()) as LogConfig;
    expect(read.map(({ share }) => share)).to.deep.equal([[]]);
    const { share, ...without } = entry();
    expect(share).to.not.equal(undefined);
    expect(() => parseConfig(rawLog({ packages: [without] }), project())).to.not.throw();
  });

  it("warns of endpoints without S3 for hosts that install packages", () => {
    const warned = (values: Values) =>
      warningsOf(parseConfig(rawMember(values), project())).map(
        ({ key, reason }) => `${key}: ${reason}`,
      );
    expect(warned({ endpoints: ["ssm"] })).to.deep.equal([
      "fleet:endpoints: expected s3 among them, for the packages of web, which hosts fetch from S3; add it, unless the VPC reaches S3 already",
    ]);
    for (const endpoints of [[], ["*"], ["ssm", "s3"]])
      expect(warned({ endpoints })).to.deep.equal([]);
    expect(warned({ endpoints: ["ssm"], hosts: { web: { platform: "linux" } } })).to.deep.equal([]);
  });

  it("warns of schedules and collections for hosts by names that the stack does not have", () => {
    const target = "tag:Name=webb,web,batch";
    const schedule = "rate(1 day)";
    const timed = {
      schedules: { night: { script: "facts", schedule, target } },
      collect: { facts: { script: "facts", schedule, target, inventory: "Custom:Facts" } },
    };
    const warned = (values: Values) =>
      warningsOf(parseConfig(rawMember({ ...timed, ...values }), project())).map(
        ({ key, reason }) => `${key}: ${reason}`,
      );
    const wanted = "expected the name of a host of fleet:hosts (web)";
    expect(warned({})).to.deep.equal(
      ["schedules.night", "collect.facts"].flatMap((entry) => [
        `fleet:${entry}.target: ${wanted}, got "webb"; did you mean "web"?`,
        `fleet:${entry}.target: ${wanted}, got "batch"; nothing runs unless a host that is launched elsewhere has it`,
      ]),
    );
    expect(warned({ hosts: {}, vpc: "" }), "all hosts are launched elsewhere").to.deep.equal([]);
  });

  it("accepts a comma list of accounts, and sorts it", () => {
    const raw = packages({ share: "333333333333, 222222222222" });
    const { packages: read } = parseConfig(raw, project()) as LogConfig;
    expect(read.map(({ share }) => share)).to.deep.equal([["222222222222", "333333333333"]]);
  });

  it("puts the variants of a package together", () => {
    const raw = packages({}, { name: "other" }, { architecture: "arm64" });
    const { packages: read } = parseConfig(raw, project()) as LogConfig;
    const variants = read.map(({ name, variants }) => [
      name,
      variants.map(({ variant }) => variant.architecture),
    ]);
    expect(variants).to.deep.equal([
      ["tool", ["_any", "arm64"]],
      ["other", ["_any"]],
    ]);
  });
});

describe("The lock of published packages", () => {
  const { packages: published } = parseConfig(rawLog(), project()) as LogConfig;
  const lock = printLock(published.reduce(withRelease, {}));

  it("lets unchanged content pass", () => {
    expect(problemsOf(rawLog(), { "packages.lock.json": lock })).to.deep.equal([]);
  });

  const changes: readonly [what: string, raw: Values, variant: string][] = [
    ["another install script", packages({ install: "cp tool /opt/" }), "linux/_any"],
    ["another uninstall script", packages({ uninstall: "true" }), "linux/_any"],
    ["another executable", packages({ executable: "tools/other" }), "linux/_any"],
    ["a variant more", packages({}, { os: "windows" }), "windows/_any"],
    ["another platform", packages({ os: "amazon" }), "amazon/_any, linux/_any"],
  ];
  for (const [what, raw, variants] of changes) {
    it(`refuses ${what} under the same version`, () => {
      const files = { "packages.lock.json": lock, "tools/other": "other" };
      expect(problemsOf(raw, files)).to.deep.equal([
        `fleet:packages[0]: the content of tool 1.0.0 (${variants}) changed without a change of version; hosts that have 1.0.0 would never get it: raise the version, or restore the content`,
      ]);
    });
  }

  it("refuses a version that it does not know, and says what to run", () => {
    const raw = packages({ version: "1.0.1" });
    expect(problemsOf(raw, { "packages.lock.json": lock })).to.deep.equal([
      'fleet:packages[0].version: expected a version of tool that packages.lock.json knows, got "1.0.1"; run npm run packages:lock and commit the file',
    ]);
  });

  it("is not asked about a package that is wrong otherwise", () => {
    const raw = packages({}, { os: "beos" });
    expect(problemsOf(raw, { "packages.lock.json": lock })).to.have.length(1);
  });

  it("is refused when it cannot be read", () => {
    expect(problemsOf(rawLog(), { "packages.lock.json": "<<<<<<<" })).to.deep.equal([
      "fleet:packagesLock: expected packages, versions, variants and digests as JSON in packages.lock.json; restore it from version control",
    ]);
  });
});
