// npm run bench: what docs/performance.md quotes. Ratios within one run count; the seconds are this machine's.
// npm run bench -- storm 10000: a launch storm alone.
// npm run bench -- query 10000: hosts by their answers, over so many outputs.
// npm run bench -- accounts 20: a hundred members with so many hosts each, and a script on all of them.
// npm run bench -- commands 10000: one command on as many hosts.
// npm run bench -- served 1000: so many requests over the wire.
// npm run bench -- plan 1000: the plan of a run over so many accounts.
// npm run bench -- run 100x100: a run over so many accounts with so many hosts each.
import { resolve } from "node:path";
import { hasEngine } from "../test/support/engine.js";
import { print } from "../rehearsal/print.js";
import { measureAccounts } from "./accounts.js";
import { measureBootstraps } from "./bootstraps.js";
import { measureCommands } from "./commands.js";
import { measurePlan } from "./plans.js";
import { measurePreview } from "./preview.js";
import { measureQuery } from "./query.js";
import { measureRun } from "./runs.js";
import { measureServed } from "./served.js";
import { measureStorm } from "./storm.js";

const PROJECT = resolve(__dirname, "..");
const [, , benchmark, howMany] = process.argv;

const printLine = (line: string) => print(`${line}\n`);

async function storm(hosts: number): Promise<void> {
  const { fleet, seconds, processorSeconds, peakMemory } = await measureStorm(PROJECT, hosts);
  const minutes = (virtual: number) => `${(virtual / 60).toFixed(0)} min`;
  printLine(
    `${fleet.hosts} hosts launched within a minute: ${fleet.ready} ready, half of them after ` +
      `${minutes(fleet.halfReady)}, the last after ${minutes(fleet.lastReady)}`,
  );
  printLine(
    `  ${fleet.runs} runs; ${fleet.throttled} starts throttled, ${fleet.retried} events tried again, ` +
      `${fleet.twice} hosts bootstrapped twice, ${fleet.lost} events lost; $${fleet.price.toFixed(2)}`,
  );
  printLine(
    `  rehearsed in ${seconds.toFixed(0)} s (${processorSeconds.toFixed(0)} s of processor time), ` +
      `peak memory ${peakMemory.toFixed(0)} MiB`,
  );
}

async function query(outputs: number): Promise<void> {
  const q = await measureQuery(outputs);
  printLine(
    `hosts by answer over ${q.outputs} outputs (${q.answers} answers): ${q.seconds.toFixed(2)} s, ` +
      `the first time ${q.firstSeconds.toFixed(2)} s, peak memory ${q.peakMemory.toFixed(0)} MiB`,
  );
  printLine(
    `  ${(q.seconds / q.loopSeconds).toFixed(1)} times the baseline, a loop over the same texts without SQL and rights: ` +
      `${q.loopSeconds.toFixed(3)} s`,
  );
}

async function commands(hosts: number): Promise<void> {
  const c = await measureCommands(hosts);
  const milliseconds = (c.processorSeconds * 1000) / c.hosts;
  printLine(
    `one command on ${c.hosts} hosts: ${c.succeeded} succeeded, ${c.objects} outputs kept, ` +
      `${(c.virtualSeconds / 60).toFixed(1)} virtual minutes`,
  );
  printLine(
    `  ${c.processorSeconds.toFixed(1)} s of processor time, ${milliseconds.toFixed(2)} s for 1,000 hosts; ` +
      `${c.listingSeconds.toFixed(2)} s to list all invocations and outputs; peak memory ${c.peakMemory.toFixed(0)} MiB`,
  );
}

async function accounts(hosts: number): Promise<void> {
  const a = await measureAccounts(PROJECT, hosts);
  printLine(
    `${a.stacks} stacks deployed in ${a.deployment.toFixed(0)} s; a script on ${a.hosts} hosts in ${a.run.toFixed(0)} s ` +
      `(${a.processorSeconds.toFixed(0)} s of processor time), ${a.succeeded} accounts succeeded`,
  );
  printLine(
    `  ${a.virtualSeconds.toFixed(0)} virtual seconds, peak memory ${a.peakMemory.toFixed(0)} MiB`,
  );
}

async function served(requests: number): Promise<void> {
  const s = await measureServed(requests);
  printLine(
    `${s.requests} requests over the wire, one after the other: ${s.parameters.toFixed(0)} GetParameter a second, ` +
      `${s.objects.toFixed(0)} GetObject of 10 KB; 16 at once: ${s.parametersAtOnce.toFixed(0)} GetParameter`,
  );
  printLine(
    `  ${(s.constant / s.parameters).toFixed(1)} times the baseline, a server that always writes the same answer: ` +
      `${s.constant.toFixed(0)} a second; without the wire a call takes ${s.directly.toFixed(2)} ms`,
  );
}

async function plan(accounts: number): Promise<void> {
  const p = await measurePlan(accounts);
  printLine(
    `plan of fleet run over ${p.accounts} accounts with ${p.hosts} hosts: ${p.seconds.toFixed(1)} s (${p.processorSeconds.toFixed(1)} s of processor time), ` +
      `${p.requests} requests, peak memory ${p.peakMemory.toFixed(0)} MiB`,
  );
  printLine(`  ${p.automations} automation, about ${p.minutes} minutes, $${p.price.toFixed(2)}`);
}

async function run(size: string): Promise<void> {
  const [accounts = 10, hosts = 10] = size.split("x").map(Number);
  const r = await measureRun(accounts, hosts);
  printLine(
    `fleet run over ${r.accounts} accounts with ${r.hosts} hosts in the served rehearsal: ${r.seconds.toFixed(0)} s ` +
      `(${r.processorSeconds.toFixed(0)} s of processor time), ${r.virtualMinutes.toFixed(0)} virtual minutes`,
  );
  printLine(
    `  ${r.well} hosts well, ${r.answers} answers; peak memory ${r.peakMemory.toFixed(0)} MiB; ` +
      `the accounts were deployed in ${r.deploymentSeconds.toFixed(0)} s`,
  );
}

async function main(): Promise<void> {
  if (benchmark === "run") return run(howMany ?? "10x10");
  if (benchmark === "plan") return plan(Number(howMany ?? 1000));
  if (benchmark === "served") return served(Number(howMany ?? 1000));
  if (benchmark === "accounts") return accounts(Number(howMany ?? 20));
  if (benchmark === "query") return query(Number(howMany ?? 10_000));
  if (benchmark === "commands") return commands(Number(howMany ?? 1000));
  if (benchmark === "storm") return storm(Number(howMany ?? 1000));
  const b = await measureBootstraps(PROJECT, Number(benchmark ?? 1000));
  printLine(
    `${b.hosts} rehearsed bootstraps: ${b.seconds.toFixed(1)} s, ${b.perSecond.toFixed(0)} a second, ` +
      `${b.processorSeconds.toFixed(1)} s of processor time`,
  );
  printLine(`  ${b.calls} calls authorised, ${(b.virtualSeconds / 60).toFixed(0)} virtual minutes`);
  printLine(`  peak memory ${b.peakMemory.toFixed(0)} MiB`);
  printLine(
    `  ${(b.seconds / b.shellSeconds).toFixed(1)} times the baseline, a bare shell per host that runs the install line: ` +
      `${b.shellSeconds.toFixed(1)} s`,
  );
  await served(1000);
  if (!hasEngine()) {
    printLine("preview: not measured, pulumi is not on the PATH");
    return;
  }
  const p = await measurePreview(PROJECT, 5);
  printLine(
    `preview of ${p.stack}, ${p.resources} resources, median of 5: ${p.program.toFixed(2)} s`,
  );
  printLine(
    `  ${(p.program / p.flat).toFixed(2)} times the baseline, a flat program with the same resources: ${p.flat.toFixed(2)} s`,
  );
}

void main();
