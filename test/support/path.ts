import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Runs something with the test's own commands on the PATH: before the real ones, or instead of them. */
export function withCommands<T>(
  commands: Readonly<Record<string, string>>,
  act: () => T,
  { alone = false }: { readonly alone?: boolean } = {},
): T {
  const folder = mkdtempSync(join(tmpdir(), "fleet-path-"));
  const before = process.env["PATH"] ?? "";
  for (const [name, text] of Object.entries(commands))
    writeFileSync(join(folder, name), text, { mode: 0o755 });
  process.env["PATH"] = alone ? folder : `${folder}${delimiter}${before}`;
  try {
    return act();
  } finally {
    process.env["PATH"] = before;
    rmSync(folder, { recursive: true });
  }
}
