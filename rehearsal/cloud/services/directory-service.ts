import type { Kernel } from "../../kernel/kernel.js";
import { AwsError } from "../../kernel/errors.js";
import type { Caller } from "../../kernel/operation.js";
import { operation } from "../../kernel/operation.js";
import { Regional } from "../../kernel/regional.js";
import type { Deployment, Properties } from "../../kernel/resource.js";

/** A directory that existed before the stacks: an Active Directory domain. */
export interface Directory {
  /** e.g. `d-1234567890` */
  readonly id: string;
  /** The domain's name, e.g. `corp.example.com`. */
  readonly name: string;
  readonly dnsIpAddresses: readonly string[];
  /** Names of the computers that have an account in it. */
  readonly computers: string[];
}

interface ComputerInput {
  readonly DirectoryId: string;
  readonly ComputerName: string;
  readonly Password: string;
}

/** AWS Directory Service, as far as hosts join a domain of it. */
export class DirectoryService {
  private readonly directories = new Regional<Directory>();

  constructor(private readonly kernel: Kernel) {}

  add(account: string, region: string, directory: Omit<Directory, "computers">): void {
    this.directories.in(account, region).set(directory.id, { ...directory, computers: [] });
  }

  readonly invokes = {
    "aws:directoryservice/getDirectory:getDirectory": (
      { directoryId }: { readonly directoryId: string },
      at: Deployment,
    ): Properties => {
      const { id, name, dnsIpAddresses } = this.directory(at, directoryId);
      return { id, directoryId, name, dnsIpAddresses, connectSettings: [] };
    },
  };

  /** Undefined: there is none of the id. */
  find(account: string, region: string, id: string): Directory | undefined {
    return this.directories.in(account, region).get(id);
  }

  /** @throws AwsError EntityDoesNotExistException */
  directory({ account, region }: Pick<Caller, "account" | "region">, id: string): Directory {
    const found = this.find(account, region, id);
    if (found !== undefined) return found;
    throw new AwsError("EntityDoesNotExistException", `Directory ${id} does not exist`);
  }

  readonly operations = {
    DescribeDirectories: operation<{ readonly DirectoryIds?: readonly string[] }, object>({
      // Source: service authorization reference: the action has no resource types.
      access: (_input, { account }) => [
        { action: "ds:DescribeDirectories", resource: "*", resourceAccount: account },
      ],
      run: ({ DirectoryIds }, caller) => {
        const all = [...this.directories.in(caller.account, caller.region).values()];
        const found = DirectoryIds?.map((id) => this.directory(caller, id)) ?? all;
        return {
          DirectoryDescriptions: found.map(({ id, name, dnsIpAddresses }) => ({
            DirectoryId: id,
            Name: name,
            DnsIpAddrs: [...dnsIpAddresses],
            Stage: "Active",
          })),
        };
      },
    }),
    CreateComputer: operation<ComputerInput, object>({
      access: ({ DirectoryId }, { account, region }) => [
        {
          action: "ds:CreateComputer",
          resource: this.kernel.arn("ds", region, account, `directory/${DirectoryId}`),
          resourceAccount: account,
        },
      ],
      run: ({ DirectoryId, ComputerName }, caller) => {
        const { computers } = this.directory(caller, DirectoryId);
        if (computers.includes(ComputerName)) {
          const text = `A computer named ${ComputerName} already exists`;
          throw new AwsError("EntityAlreadyExistsException", text);
        }
        computers.push(ComputerName);
        return { Computer: { ComputerName } };
      },
    }),
  };
}
