import { Double } from "../cli/test/run/double.js";
import type { DoubleSetup } from "../cli/test/run/double-setup.js";

/** The cost of a plan over many accounts. */
export interface PlanMeasure {
  readonly accounts: number;
  readonly hosts: number;
  readonly seconds: number;
  readonly processorSeconds: number;
  /** Requests of the AWS SDK. */
  readonly requests: number;
  /** MiB, of the whole process. */
  readonly peakMemory: number;
  /** Of the plan. */
  readonly automations: number;
  readonly minutes: number;
  readonly price: number;
}

const HOSTS = 10;
/** Milliseconds. */
const LATENCY = 80;
const HOME = "eu-central-1";

/**
 * Plans a run over so many accounts through the SDK's own clients. What answers them is a table of facts in this process,
 * after as long as AWS may take.
 */
export async function measurePlan(accounts: number): Promise<PlanMeasure> {
  const ids = Array.from({ length: accounts }, (_, index) => String(200_000_000_000 + index));
  const hosts = Array.from({ length: HOSTS }, (_, index) => ({
    id: `i-${index}`,
    tags: { Role: "web" },
  }));
  const setup: DoubleSetup = {
    latency: LATENCY,
    accounts: Object.fromEntries(ids.map((id) => [id, { [HOME]: hosts }])),
  };
  const aws = new Double(setup);
  const plan = ["--command", "uptime", "--target", "tag:Role=web", "--plan", "--json"];
  // Loading happens once, and is no part of the plan.
  await new Double({ accounts: { [ids[0] ?? ""]: { [HOME]: hosts } } }).fleet(plan);
  const begun = performance.now();
  const before = process.cpuUsage();
  const { out } = await aws.fleet(plan);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(before);
  const summary = (
    JSON.parse(out) as {
      plan: Pick<PlanMeasure, "automations" | "minutes" | "price"> & { places: unknown[] };
    }
  ).plan;
  return {
    accounts: summary.places.length,
    hosts: summary.places.length * HOSTS,
    seconds,
    processorSeconds: (user + system) / 1e6,
    requests: aws.calls.length,
    peakMemory: process.resourceUsage().maxRSS / 1024,
    automations: summary.automations,
    minutes: summary.minutes,
    price: summary.price,
  };
}
