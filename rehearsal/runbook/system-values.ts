import type { Json } from "../../runbooks/loader/step.js";
import type { Port } from "./port.js";

/** The values of `{{ global:… }}` and `{{ automation:… }}`. Source: User Guide, "Automation system variables". */
export function systemValues(port: Port, executionId: string): (name: string) => Json | undefined {
  return (name) => {
    const iso = new Date(port.clock.now).toISOString();
    switch (name) {
      case "global:ACCOUNT_ID":
        return port.account;
      case "global:AWS_PARTITION":
        return port.partition;
      case "global:DATE":
        return iso.slice(0, 10);
      case "global:DATE_TIME":
        return `${iso.slice(0, 10)}_${iso.slice(11, 19).replaceAll(":", ".")}`;
      case "global:REGION":
        return port.region;
      case "automation:EXECUTION_ID":
        return executionId;
      default:
        return undefined;
    }
  };
}
