// What people who run scripts over accounts may do: start, follow and stop runs, share scripts, read answers. Not
// change the
// runbook or the library, which are the stack's, nor touch a host in any other way.
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "../account.js";
import {
  automationExecutionsArn,
  bucketArn,
  dataCatalogArn,
  documentArn,
  glueTablesArns,
  roleInAccountsArn,
  workgroupArn,
} from "../arns.js";
import {
  runDatabaseName,
  runDocumentName,
  runReaderRoleName,
  runWorkgroupName,
  scriptDocumentName,
} from "../names.js";
import { invocationsPrefix, outputPrefix, queriesPrefix } from "../storage/output-access.js";
import type { Grant, Trust } from "../policy.js";
import type { EncryptedBucket } from "../storage/private-bucket.js";
import type { RunAccounts } from "./run-accounts.js";
import { ownedBy, throughS3 } from "./run-accounts.js";
import { adHocScriptsArn, runbookArns } from "./run-grants.js";

/** Whoever the config names, with a second factor where it asks for one. */
export const runOperators = (principals: readonly string[], mfa: boolean): Trust => ({
  Sid: "RunOperators",
  Effect: "Allow",
  Principal: { AWS: [...principals] },
  Action: "sts:AssumeRole",
  ...(mfa && { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
});

/** Runs of our runbook and no other automation. */
export const mayStartOwnRuns = (account: Account, prefix: string): Grant => ({
  Sid: "StartRuns",
  Effect: "Allow",
  Action: "ssm:StartAutomationExecution",
  Resource: [...runbookArns(account, prefix), automationExecutionsArn(account)],
});

/** A run gets the administration role, which only Systems Manager can assume. */
export const mayPassAdministrationRole = (roleArn: pulumi.Input<string>): Grant => ({
  Sid: "PassAdministrationRole",
  Effect: "Allow",
  Action: "iam:PassRole",
  Resource: roleArn,
  Condition: { StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" } },
});

/** The progress and the result of a run. */
export const mayFollowRuns = (account: Account): Grant => ({
  Sid: "FollowRuns",
  Effect: "Allow",
  Action: [
    "ssm:DescribeAutomationStepExecutions",
    "ssm:GetAutomationExecution",
    "ssm:StopAutomationExecution",
  ],
  Resource: automationExecutionsArn(account),
});

/** Finds earlier runs, and the scripts that exist. */
export const mayListRuns = (): Grant => ({
  Sid: "ListRuns",
  Effect: "Allow",
  Action: ["ssm:DescribeAutomationExecutions", "ssm:ListDocuments"],
  // List actions have no resource-level permissions.
  Resource: "*",
});

/** Plans name the hosts of the members, as a role that can only see them. */
export const mayReadInMembers = (
  { partition }: Account,
  prefix: string,
  accounts: RunAccounts,
): Grant => ({
  Sid: "ReadInMembers",
  Effect: "Allow",
  Action: "sts:AssumeRole",
  // The account is in the condition, which is shorter than 100 ARNs.
  Resource: roleInAccountsArn(partition, runReaderRoleName(prefix)),
  Condition: ownedBy(accounts),
});

/** A person's own script becomes a document, which is shared with the accounts of a run and deleted later. */
export const mayShareScripts = (account: Account, prefix: string): Grant => ({
  Sid: "ShareScripts",
  Effect: "Allow",
  Action: [
    "ssm:AddTagsToResource",
    "ssm:CreateDocument",
    "ssm:DeleteDocument",
    "ssm:DescribeDocument",
    "ssm:DescribeDocumentPermission",
    "ssm:GetDocument",
    "ssm:ModifyDocumentPermission",
  ],
  Resource: adHocScriptsArn(account, prefix),
});

/** People read with which accounts the library and the runbook are shared. */
export const mayReadScripts = (account: Account, prefix: string): Grant => ({
  Sid: "ReadScripts",
  Effect: "Allow",
  Action: ["ssm:DescribeDocument", "ssm:DescribeDocumentPermission", "ssm:GetDocument"],
  Resource: [
    documentArn(account, "*", scriptDocumentName(prefix, "*")),
    documentArn(account, "*", runDocumentName(prefix)),
  ],
});

/** Accounts by name and unit; only where the log account sees its organisation. */
export const mayReadOrganisation = (): Grant => ({
  Sid: "ReadOrganisation",
  Effect: "Allow",
  Action: [
    "organizations:DescribeOrganization",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListParents",
    "organizations:ListRoots",
  ],
  // This stack does not know which units exist.
  Resource: "*",
});

/** Queries over answers, in the one workgroup that bounds what they cost. */
export const mayQueryRuns = (account: Account, region: string, prefix: string): Grant => ({
  Sid: "QueryRuns",
  Effect: "Allow",
  Action: [
    "athena:BatchGetNamedQuery",
    "athena:GetNamedQuery",
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:GetWorkGroup",
    "athena:ListNamedQueries",
    "athena:StartQueryExecution",
    "athena:StopQueryExecution",
  ],
  Resource: workgroupArn(account, region, runWorkgroupName(prefix)),
});

/** The definitions of the tables; a query reads them in the name of the person who runs it. */
export const mayReadTables = (account: Account, region: string, prefix: string): Grant => ({
  Sid: "ReadTables",
  Effect: "Allow",
  Action: ["glue:GetDatabase", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"],
  Resource: glueTablesArns(account, region, runDatabaseName(prefix)),
});

/**
 * The catalog that holds the tables, which a query names first. Source: Step Functions developer guide, "IAM policies for
 * Amazon Athena calls", which has it beside the workgroup.
 */
export const mayFindCatalog = (account: Account, region: string): Grant => ({
  Sid: "FindCatalog",
  Effect: "Allow",
  Action: "athena:GetDataCatalog",
  Resource: dataCatalogArn(account, region),
});

/** Answers and results, read in the name of the person who runs the query. */
export const mayReadAnswers = (bucketArns: readonly pulumi.Input<string>[]): Grant => ({
  Sid: "ReadAnswers",
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: bucketArns.flatMap((arn) =>
    [outputPrefix, invocationsPrefix, queriesPrefix].map(
      (prefix) => pulumi.interpolate`${arn}/${prefix}*`,
    ),
  ),
});

/** Athena lists what a query is about, and asks where the bucket is. */
export const mayListAnswers = (bucketArns: readonly pulumi.Input<string>[]): Grant => ({
  Sid: "ListAnswers",
  Effect: "Allow",
  Action: ["s3:GetBucketLocation", "s3:ListBucket"],
  Resource: [...bucketArns],
});

/** Athena writes results in the name of the person who runs the query, in parts where they are large. */
export const mayKeepResults = (bucketArn: pulumi.Input<string>): Grant => ({
  Sid: "KeepResults",
  Effect: "Allow",
  Action: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
  Resource: pulumi.interpolate`${bucketArn}/${queriesPrefix}*`,
});

/** Decrypts answers, by whatever key was the bucket's at the time, and encrypts results. */
export const mayUseOutputKeys = (
  { partition }: Account,
  keyArns: readonly pulumi.Input<string>[],
): Grant => ({
  Sid: "UseOutputKeys",
  Effect: "Allow",
  Action: ["kms:Decrypt", "kms:GenerateDataKey"],
  Resource: [...keyArns],
  Condition: throughS3(partition),
});

/** What a query over the output of runs reads and writes, for people and routes alike. */
export function mayReadRunOutput({
  account,
  prefix,
  region,
  stores,
}: {
  readonly account: Account;
  readonly prefix: string;
  readonly region: string;
  /** The buckets for output; the first is the central one. */
  readonly stores: readonly EncryptedBucket[];
}): Grant[] {
  const bucketArns = stores.map(({ bucket }) =>
    pulumi.output(bucket).apply((name) => bucketArn(account.partition, name)),
  );
  return [
    mayFindCatalog(account, region),
    mayReadTables(account, region, prefix),
    mayReadAnswers(bucketArns),
    mayListAnswers(bucketArns),
    ...bucketArns.slice(0, 1).map(mayKeepResults),
    mayUseOutputKeys(
      account,
      stores.flatMap(({ kmsKeyArn, earlierKeyArns = [] }) => [kmsKeyArn, ...earlierKeyArns]),
    ),
  ];
}
