import type { Instance } from "../kernel/instance.js";
import type { Kernel } from "../kernel/kernel.js";
import type { RoleSession } from "../kernel/principal.js";

/** What a host has of the cloud around it: its network, and the credentials of its instance profile. */
export interface HostCloud extends Kernel {
  readonly ec2: {
    /** The session that an instance's profile gives it. @throws AwsError where there is none or its trust refuses */
    profileSession(instance: Instance): Promise<RoleSession>;
    /** Programs on a host reach AWS through its network. @throws AwsError RequestError */
    checkReachable(instance: Instance, service: string): void;
    readonly network: {
      /** Whether an instance's security groups let it talk to an address. */
      letOut(instance: Instance, address: string, port: number): boolean;
    };
  };
}
