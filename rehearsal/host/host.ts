import { type Instance } from "../cloud/services/ec2/instance.js";
import { NotRehearsed } from "../cloud/errors.js";
import { type HostConditions } from "./conditions.js";
import { BuiltInMachine } from "./built-in-machine.js";
import {
  type Machine,
  type MachinePorts,
  type MakeMachine,
  type Ran,
  type RunOptions,
} from "./machine.js";
import { type InstalledPackage, PackageRepository } from "./plugins/package-repository.js";

/** An instance from inside: its machine, and what the agent keeps on it. */
export class Host {
  /** Undefined on Windows: PowerShell is not rehearsed. */
  readonly machine: Machine | undefined;
  /** What the agent knows of Distributor packages here. */
  readonly repository: PackageRepository;

  constructor(
    readonly instance: Instance,
    ports: MachinePorts,
    conditions: HostConditions = {},
    makeMachine: MakeMachine = (...of) => new BuiltInMachine(...of),
  ) {
    const { privateIp, instanceType, os } = instance;
    const files = conditions.files ?? {};
    if (os.platformType === "Linux")
      this.machine = makeMachine(ports, { privateIp, instanceType, os, files });
    this.repository = new PackageRepository(this.machine?.disk);
  }

  /** The host's name as it knows it itself. */
  get name(): string {
    // EC2 names Windows hosts EC2AMAZ-… ; their own names are not modelled.
    return this.machine?.hostname ?? `ip-${this.instance.privateIp.replaceAll(".", "-")}`;
  }

  /** The Distributor packages that are, or were tried to be, installed. */
  get packages(): readonly InstalledPackage[] {
    return this.repository.packages();
  }

  /**
   * Runs a command as root, for whoever wants to know how the host is; no virtual time passes.
   * @throws NotRehearsed on Windows
   */
  async run(command: string, options?: Omit<RunOptions, "withoutTime">): Promise<Ran> {
    if (this.machine === undefined) throw new NotRehearsed("Windows hosts: PowerShell");
    return this.machine.run(command, { ...options, withoutTime: true });
  }
}
