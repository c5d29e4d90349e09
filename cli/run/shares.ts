import {
  CreateDocumentCommand,
  DescribeDocumentPermissionCommand,
  ModifyDocumentPermissionCommand,
} from "@aws-sdk/client-ssm";
import type { Identity } from "./aws.js";
import { isCode } from "./aws.js";
import { chunks } from "../../lib/lists.js";

/** Source: API reference, ModifyDocumentPermission: ids in one call. */
export const MAX_IDS_PER_SHARE_CALL = 20;
/** Source: AWS General Reference, "AWS Systems Manager endpoints and quotas": private shares of a document. */
export const MAX_SHARES = 1000;

/** Accounts that a document is shared with. */
export async function sharedWith(
  operator: Identity,
  region: string,
  Name: string,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let NextToken: string | undefined;
  do {
    const answer = await operator.ssm(region).send(
      new DescribeDocumentPermissionCommand({
        Name,
        PermissionType: "Share",
        MaxResults: 200,
        ...(NextToken !== undefined && { NextToken }),
      }),
    );
    for (const id of answer.AccountIds ?? []) found.add(id);
    NextToken = answer.NextToken;
  } while (NextToken !== undefined && NextToken !== "");
  return found;
}

/**
 * Creates a Command document; one that another caller created a moment ago is the same, because its name is derived
 * from its content.
 */
export async function create(
  operator: Identity,
  region: string,
  Name: string,
  Content: string,
): Promise<void> {
  const command = new CreateDocumentCommand({
    Name,
    Content,
    DocumentType: "Command",
    DocumentFormat: "JSON",
  });
  try {
    await operator.ssm(region).send(command);
  } catch (error) {
    if (!isCode(error, "DocumentAlreadyExists")) throw error;
  }
}

/** Shares a document with more accounts, as many in a call as AWS takes. */
export async function share(
  operator: Identity,
  region: string,
  Name: string,
  accounts: readonly string[],
): Promise<void> {
  for (const AccountIdsToAdd of chunks(accounts, MAX_IDS_PER_SHARE_CALL)) {
    const command = new ModifyDocumentPermissionCommand({
      Name,
      PermissionType: "Share",
      AccountIdsToAdd,
    });
    await operator.ssm(region).send(command);
  }
}

/** The commands that share a document, for a person to run. */
export function shareCommands(
  region: string,
  name: string,
  accounts: readonly string[],
): readonly string[] {
  return chunks(accounts, MAX_IDS_PER_SHARE_CALL).map(
    (ids) =>
      `aws ssm modify-document-permission --region ${region} --name ${name} --permission-type Share --account-ids-to-add ${ids.join(" ")}`,
  );
}
