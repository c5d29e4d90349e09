import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../account.js";
import { sharing } from "../document-sharing.js";
import { runDocumentName, scriptDocumentName } from "../names.js";

export interface RunDocumentsArgs {
  readonly prefix: string;
  readonly region: string;
  /** Ids of the accounts that run them, at most 1,000, in any order. */
  readonly sharedWith: readonly string[];
  /** The runbook, as YAML. */
  readonly runbook: string;
  /** The library: content of the Command document, as JSON, by name of the script. */
  readonly scripts: Readonly<Record<string, string>>;
}

/**
 * The documents of runs in one Region: the runbook, and a Command document for each script of the
 * library. A document is of one Region, and an account runs what is shared with it there.
 *
 * @example
 * new RunDocuments(`${name}-eu-central-1`, { prefix: "cf", region: "eu-central-1", sharedWith, runbook, scripts }, { parent: this });
 */
export class RunDocuments extends pulumi.ComponentResource {
  readonly runbookArn: pulumi.Output<string>;
  /** ARN of the document by name of the script. */
  readonly scriptArns: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: RunDocumentsArgs, opts: InAccount) {
    super("fleet:index:RunDocuments", name, { region: args.region }, opts);
    const { prefix, region, sharedWith } = args;
    const permissions = sharing(sharedWith);
    const runbook = new aws.ssm.Document(
      `${name}-runbook`,
      {
        name: runDocumentName(prefix),
        documentType: "Automation",
        documentFormat: "YAML",
        content: args.runbook,
        permissions,
        region,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const scripts = Object.entries(args.scripts).map(([script, content]) => {
      const document = new aws.ssm.Document(
        `${name}-script-${script}`,
        {
          name: scriptDocumentName(prefix, script),
          documentType: "Command",
          documentFormat: "JSON",
          content,
          permissions,
          region,
        },
        { parent: this, deleteBeforeReplace: true },
      );
      return [script, document.arn] as const;
    });
    this.runbookArn = runbook.arn;
    this.scriptArns = pulumi.output(Object.fromEntries(scripts));
    this.registerOutputs({ runbookArn: this.runbookArn, scriptArns: this.scriptArns });
  }
}
