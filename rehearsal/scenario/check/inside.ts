import type { Instance } from "../../kernel/instance.js";
import type { HostCheck } from "../schema/scenario.js";
import type { Environment } from "../setup/environment.js";
import type { CheckResult } from "./result.js";

/** Compares the state inside a host with what a scenario expects: its name, its domain, its CloudWatch agent. */
export function checkInside(
  { cloud }: Environment,
  { account, region, id }: Instance,
  name: string,
  check: Pick<HostCheck, "cloudwatch" | "hostname" | "domain">,
): CheckResult[] {
  const host = cloud.ssm.agents.host(account, region, id);
  const equal = (what: string, wanted: string | undefined, found: () => string): CheckResult[] => {
    if (wanted === undefined) return [];
    const is = host === undefined ? "the host never started" : found();
    const holds = is.toLowerCase() === wanted.toLowerCase();
    return [{ expectation: `${name}: ${what} is ${wanted}`, holds, ...(!holds && { found: is }) }];
  };
  const agent = host?.cloudWatchAgent;
  const running = agent?.runningSince === undefined ? [] : [...agent.configurations.keys()];
  const { domain } = check;
  const domainName =
    domain === undefined ? undefined : cloud.directoryService.find(account, region, domain)?.name;
  return [
    ...equal("what it calls itself", check.hostname, () => (host?.name ?? "").split(".")[0] ?? ""),
    ...equal("its domain", domain && (domainName ?? domain), () => host?.windows?.domain ?? "none"),
    ...equal(
      "the configuration of its CloudWatch agent",
      check.cloudwatch,
      () =>
        running.map((file) => file.replace(/^ssm__cloudwatch_config_/, "")).join(", ") || "none",
    ),
  ];
}
