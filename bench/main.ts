// npm run bench: what docs/performance.md quotes. Ratios within one run count; the seconds are this machine's.
import { resolve } from "node:path";
import { hasEngine } from "../test/support/engine.js";
import { print } from "../rehearsal/report/output.js";
import { measureBootstraps } from "./bootstraps.js";
import { measurePreview } from "./preview.js";

const PROJECT = resolve(__dirname, "..");
const HOSTS = Number(process.argv[2] ?? 1000);

const tell = (line: string) => print(`${line}\n`);

async function main(): Promise<void> {
  const b = await measureBootstraps(PROJECT, HOSTS);
  tell(
    `${b.hosts} rehearsed bootstraps: ${b.seconds.toFixed(1)} s, ${b.perSecond.toFixed(0)} a second`,
  );
  tell(`  ${b.calls} calls authorised, ${(b.virtualSeconds / 60).toFixed(0)} virtual minutes`);
  tell(`  peak memory ${b.peakMemory.toFixed(0)} MiB`);
  tell(
    `  ${(b.seconds / b.shellSeconds).toFixed(1)} times the baseline, a bare shell per host that runs the install line: ` +
      `${b.shellSeconds.toFixed(1)} s`,
  );
  if (!hasEngine()) {
    tell("preview: not measured, pulumi is not on the PATH");
    return;
  }
  const p = await measurePreview(PROJECT, 5);
  tell(`preview of ${p.stack}, ${p.resources} resources, median of 5: ${p.program.toFixed(2)} s`);
  tell(
    `  ${(p.program / p.flat).toFixed(2)} times the baseline, a flat program with the same resources: ${p.flat.toFixed(2)} s`,
  );
}

void main();
