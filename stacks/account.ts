import * as archive from "@pulumi/archive";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { statusTagPrefix } from "../components/bootstrap/bootstrap-tags.js";
import type { FleetConfig } from "./config.js";

/**
 * The stack's one way into AWS. With the credentials of another account it stops before it changes
 * anything, and every resource carries the stack that made it.
 */
export function accountProvider({ account, regions, assumeRole }: FleetConfig): aws.Provider {
  return new aws.Provider("account", {
    region: regions[0],
    allowedAccountIds: [account.id],
    assumeRoles: assumeRole ? [{ roleArn: assumeRole, sessionName: "fleet" }] : undefined,
    // The runbook writes its results on instances; they are no drift, and no update may remove them.
    ignoreTags: { keyPrefixes: [statusTagPrefix] },
    defaultTags: { tags: { "fleet:stack": `${pulumi.getProject()}/${pulumi.getStack()}` } },
  });
}

/** Zips on the machine that runs the program; it has neither account nor credentials. */
export const archiveProvider = (): archive.Provider => new archive.Provider("archives");
