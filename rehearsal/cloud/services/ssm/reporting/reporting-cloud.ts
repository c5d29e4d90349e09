import type { Instance } from "../../../../kernel/instance.js";
import type { Kernel } from "../../../../kernel/kernel.js";

/** What inventory and compliance use of the rest of the cloud. */
export interface ReportingCloud extends Kernel {
  readonly ssm: {
    readonly agents: {
      /** The instances that SSM knows, whether their agents are online or not. */
      registered(account: string, region: string): readonly Instance[];
    };
  };
}
