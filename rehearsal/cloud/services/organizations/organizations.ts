import type { Kernel } from "../../../kernel/kernel.js";
import type { Operations } from "../../../kernel/operation.js";
import type { Deployment, Properties, Service } from "../../../kernel/resource.js";
import { organizationOperations } from "./operations.js";

/** AWS Organizations and what the provider knows of the account it works in. */
export class OrganizationsService implements Service {
  readonly operations: Operations;

  constructor(private readonly kernel: Kernel) {
    this.operations = organizationOperations(kernel);
  }

  readonly invokes = {
    "aws:organizations/getOrganization:getOrganization": (): Properties => {
      const { id, managementAccount, accounts } = this.kernel.organization;
      const listed = accounts.map((account) => ({
        id: account.id,
        name: account.name,
        status: account.status,
        // The provider has both; `status` is deprecated.
        state: account.status,
        arn: this.kernel.arn("organizations", "", managementAccount, `account/${id}/${account.id}`),
      }));
      return {
        id,
        arn: this.kernel.arn("organizations", "", managementAccount, `organization/${id}`),
        masterAccountId: managementAccount,
        accounts: listed,
        nonMasterAccounts: listed.filter((account) => account.id !== managementAccount),
      };
    },
    "aws:index/getPartition:getPartition": (): Properties => {
      const { id, dnsSuffix } = this.kernel.partition;
      return {
        id,
        partition: id,
        dnsSuffix,
        reverseDnsPrefix: dnsSuffix.split(".").reverse().join("."),
      };
    },
    "aws:index/getRegion:getRegion": (_args: object, at: Deployment): Properties => ({
      id: at.region,
      name: at.region,
      region: at.region,
    }),
    "aws:index/getCallerIdentity:getCallerIdentity": (
      _args: object,
      at: Deployment,
    ): Properties => ({
      id: at.account,
      accountId: at.account,
      arn: at.principal.arn,
    }),
  };
}
