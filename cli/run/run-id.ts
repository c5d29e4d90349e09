import { randomBytes } from "node:crypto";

/** `20261122t153000z-3fa9c1`: the time of the request, and a random part. */
export function newRunId(now: Date): string {
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(/[-:]/g, "")
    .toLowerCase();
  return `${time}-${randomBytes(3).toString("hex")}`;
}

/** The time when a run was requested; undefined for runs that others have named. */
export function timeOf(run: string): Date | undefined {
  if (!/^\d{8}t\d{6}z-/.test(run)) return undefined;
  const [date, time] = [run.slice(0, 8), run.slice(9, 15)];
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  return new Date(`${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`);
}

/** The run that does again what failed in this one: `…-r1`, then `…-r2`. */
export function retryId(run: string, others: readonly string[]): string {
  const base = run.replace(/-r\d+$/, "");
  const numbers = others.map((other) =>
    other.startsWith(`${base}-r`) ? Number(other.slice(base.length + 2)) : 0,
  );
  return `${base}-r${Math.max(0, ...numbers.filter(Number.isInteger)) + 1}`;
}

/** Source: the runbook's own pattern, RunId. */
export const RUN = /^[a-z0-9][a-z0-9-]{2,62}$/;
