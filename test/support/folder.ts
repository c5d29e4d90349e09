import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/**
 * Makes an empty folder the working directory while the tests of a `describe` run, for programs that
 * write files beside themselves.
 */
export function inEmptyFolder(): void {
  const home = process.cwd();
  let folder = "";
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "fleet-"));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(home);
    fs.rmSync(folder, { recursive: true });
  });
}
