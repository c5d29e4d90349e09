import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Programs } from "../rehearsal/program/programs.js";
import { readScenario } from "../rehearsal/scenario/schema/scenario.js";
import { readProject, readStacks } from "../rehearsal/program/stack-files.js";
import { deployEnvironment } from "../rehearsal/scenario/setup/environment.js";
import { Engine } from "../test/support/engine.js";

export interface PreviewFigures {
  readonly stack: string;
  readonly resources: number;
  /** Median seconds of a preview of the program. */
  readonly program: number;
  /** Median seconds of a preview of the flat program. */
  readonly flat: number;
}

/** Times previews of the log stack and of a flat program with the same resources, in turn, under the real engine. */
export async function measurePreview(project: string, runs: number): Promise<PreviewFigures> {
  const from = readProject(project);
  const setup = { project: from, stacks: readStacks(from, project), programs: new Programs() };
  const environment = await deployEnvironment(
    setup,
    readScenario(join(project, "scenarios", "bootstrap.yaml")),
  );
  const log = environment.stacks.find(({ name }) => name === "log");
  if (log === undefined) throw new Error("the project has no stack log");
  const engine = new Engine(environment.cloud);
  try {
    await engine.stack("log", log.account);
    const flat = join(engine.folder, "flat");
    mkdirSync(flat);
    cpSync(join(project, "bench", "flat", "index.ts"), join(flat, "index.ts"));
    cpSync(join(project, ".build"), join(flat, ".build"), { recursive: true });
    const resources = log.resources.map(({ type, name, inputs }) => ({ type, name, inputs }));
    const [region = "eu-central-1"] = log.resources.map((resource) => resource.region);
    writeFileSync(
      join(flat, "resources.json"),
      JSON.stringify({ region, account: log.account, resources }),
    );
    const runtime = {
      name: "nodejs",
      options: { typescript: false, nodeargs: "--require tsx/cjs" },
    };
    writeFileSync(
      join(flat, "Pulumi.yaml"),
      stringify({ name: "flat", main: "index.ts", runtime }),
    );
    const timed = async (folder: string, name: string) => {
      const start = process.hrtime.bigint();
      const result = await engine.run(name, ["preview"], { folder });
      if (result.code !== 0) throw new Error(result.stdout + result.stderr);
      return Number(process.hrtime.bigint() - start) / 1e9;
    };
    await engine.stackIn(flat, "flat", log.account);
    const times: { program: number[]; flat: number[] } = { program: [], flat: [] };
    for (let run = 0; run <= runs; run++) {
      const program = await timed(engine.folder, "log");
      const baseline = await timed(flat, "flat");
      // The first of each warms the caches.
      if (run > 0) {
        times.program.push(program);
        times.flat.push(baseline);
      }
    }
    return {
      stack: "log",
      resources: resources.length,
      program: median(times.program),
      flat: median(times.flat),
    };
  } finally {
    engine.close();
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
