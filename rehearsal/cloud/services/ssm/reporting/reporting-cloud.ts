import type { Instance } from "../../../../kernel/instance.js";
import type { Kernel } from "../../../../kernel/kernel.js";

/** What inventory and compliance have of the cloud around them. */
export interface ReportingCloud extends Kernel {
  readonly ssm: {
    readonly agents: {
      /** The instances that SSM knows, whether their agents are online or not. */
      registered(account: string, region: string): readonly Instance[];
    };
  };
}
