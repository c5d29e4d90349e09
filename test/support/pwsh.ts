import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Pwsh } from "../../rehearsal/host/powershell/pwsh.js";
import { withBubblewrap } from "./bubblewrap.js";

/** Replaces PowerShell: reports how it was called, and runs the script by bash. */
const FAKE = `#!/bin/bash
if [ "$1" = -Version ]; then echo "PowerShell 7.4.6"; exit; fi
echo "pwsh $*"
. "\${!#}"
`;

/** For the tests of a `describe`: a pwsh that is none, first on the PATH. Where bubblewrap is missing they are skipped. */
export function withFakePwsh(): { readonly pwsh: Pwsh; readonly folder: string } {
  withBubblewrap();
  const path = process.env["PATH"] ?? "";
  let folder = "";
  let pwsh: Pwsh | undefined;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-pwsh-"));
    writeFileSync(join(folder, "pwsh"), FAKE, { mode: 0o755 });
    process.env["PATH"] = `${folder}${delimiter}${path}`;
    pwsh = new Pwsh();
  });
  after(() => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    get pwsh() {
      if (pwsh === undefined) throw new Error("pwsh is there while tests run only");
      return pwsh;
    },
  };
}
