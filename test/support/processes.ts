import { execFileSync } from "node:child_process";

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
}

function table(): Row[] {
  const text = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => {
    const [pid, parent, state] = line.trim().split(/\s+/);
    return state === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), state }];
  });
}

/** The processes that a process has started, and those that they have started. */
export function descendants(pid: number): number[] {
  const all = table();
  const below = (one: number): number[] =>
    all.filter(({ parent }) => parent === one).flatMap((child) => [child.pid, ...below(child.pid)]);
  return below(pid);
}

/** Those of the processes that have not ended. One that has ended and whose parent does not ask for it uses nothing. */
export function alive(pids: readonly number[]): number[] {
  return table().flatMap(({ pid, state }) =>
    pids.includes(pid) && !state.startsWith("Z") ? [pid] : [],
  );
}

/** Asks again and again, until the answer is yes. */
export async function until(isSo: () => boolean, milliseconds = 60_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
