// The two roles of the bootstrap product, for an account whose rules come from somewhere else.
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InAccount } from "../../../components/account.js";
import { BootstrapRoles } from "../../../components/bootstrap/bootstrap-roles.js";

const account = { id: "222222222222", partition: "aws" } as const;

class OwnRules extends pulumi.ComponentResource {
  readonly rulesRoleArn: pulumi.Output<string>;

  constructor(name: string, opts: InAccount) {
    super("fleet:examples:OwnRules", name, {}, opts);
    const roles = new BootstrapRoles(`${name}-roles`, { account, prefix: "cf" }, { parent: this });
    this.rulesRoleArn = roles.rulesRoleArn;
    this.registerOutputs({ rulesRoleArn: this.rulesRoleArn });
  }
}

export const example = (provider: aws.Provider) => new OwnRules("bootstrap", { provider });
