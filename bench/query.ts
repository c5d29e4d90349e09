import { runQueriesDeployed } from "../test/queries/queried-runs.js";

export interface QueryFigures {
  readonly outputs: number;
  /** Different answers among them. */
  readonly answers: number;
  /** Real seconds of the first query, which loads the grammar and DuckDB. */
  readonly firstSeconds: number;
  /** Real seconds of the second: objects listed, read with the caller's rights, and grouped by answer. */
  readonly seconds: number;
  /** The baseline: the same objects decoded, sorted and grouped in a loop, without SQL and without rights. */
  readonly loopSeconds: number;
  /** Peak resident memory of the process, MiB. */
  readonly peakMemory: number;
}

const RUN = "20260101t000000z-abc123";
const ACCOUNTS = 100;
const ANSWERS = 20;

/** Asks for the hosts by what they answered, over as many outputs in a hundred accounts. */
export async function measureQuery(outputs: number): Promise<QueryFigures> {
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => String(100000000000 + index));
  const runs = await runQueriesDeployed(accounts, ["eu-central-1"]);
  const texts = new Map<string, string>();
  for (let host = 0; host < outputs; host++) {
    const id = `i-${host.toString(16).padStart(17, "0")}`;
    const text = Array.from({ length: 10 }, (_, line) => `port ${line} of ${host % ANSWERS}\n`);
    texts.set(id, text.join(""));
    await runs.output(RUN, accounts[host % ACCOUNTS] ?? "", id, text.join(""));
  }
  const ask = async () => {
    const start = process.hrtime.bigint();
    const [, ...rows] = await runs.query("same-answers", `'${RUN}'`, `'${RUN}'`);
    const seconds = secondsSince(start);
    const hosts = rows.reduce((sum, [count]) => sum + Number(count), 0);
    if (hosts !== outputs) throw new Error(`${hosts} of ${outputs} hosts answered`);
    return { seconds, answers: rows.length };
  };
  const first = await ask();
  const second = await ask();
  const start = process.hrtime.bigint();
  const groups = new Map<string, string[]>();
  for (const [id, text] of texts) {
    const answer = text.split("\n").sort().join("\n");
    groups.set(answer, [...(groups.get(answer) ?? []).slice(0, 4), id]);
  }
  const loopSeconds = secondsSince(start);
  if (groups.size !== second.answers) throw new Error(`${groups.size} answers in the loop`);
  return {
    outputs,
    answers: second.answers,
    firstSeconds: first.seconds,
    seconds: second.seconds,
    loopSeconds,
    peakMemory: process.resourceUsage().maxRSS / 1024,
  };
}

function secondsSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e9;
}
