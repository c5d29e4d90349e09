import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BubblewrapShell } from "../../../host/bubblewrap/shell.js";
import { withBubblewrap } from "../../../../test/support/bubblewrap.js";
import { withCommands } from "../../../../test/support/path.js";
import { AMAZON_LINUX, ports } from "../support.js";

describe("BubblewrapShell", () => {
  const alone = { alone: true };

  it("says what to install where bubblewrap is missing", function () {
    if (process.platform !== "linux") this.skip();
    withCommands(
      {},
      () => {
        expect(() => new BubblewrapShell()).to.throw(
          "--shell bubblewrap: expected the command bwrap on the PATH, found none; install your distribution's package bubblewrap, or use --shell built-in",
        );
      },
      alone,
    );
  });

  it("says what to allow where namespaces are forbidden", function () {
    if (process.platform !== "linux") this.skip();
    const bwrap = "#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n";
    withCommands(
      { bwrap },
      () => {
        expect(() => new BubblewrapShell()).to.throw(
          /^--shell bubblewrap: namespaces are forbidden here \(bwrap: No permissions to create a new namespace\); (allow user namespaces|give the container) .*, or use --shell built-in$/,
        );
      },
      alone,
    );
  });

  describe("where there is one", () => {
    withBubblewrap();

    it("removes all that hosts wrote when it is closed", async () => {
      const hosts = () => readdirSync(tmpdir()).filter((name) => name.startsWith("fleet-hosts-"));
      const before = hosts();
      const shell = new BubblewrapShell();
      const options = { privateIp: "10.0.1.23", instanceType: "t3.micro", os: AMAZON_LINUX };
      await shell.makeMachine(ports(), options).run("echo x > /var/f; chmod 0 /var/f");
      expect(hosts()).to.have.length(before.length + 1);
      shell.close();
      expect(hosts()).to.deep.equal(before);
    });

    /** Ends a process that has a shell by a signal; gives the folders of that process which are left. */
    async function leftBy(signal: NodeJS.Signals): Promise<() => string[]> {
      const shell = join(__dirname, "../../../host/bubblewrap/shell.ts");
      const script = `new (require(${JSON.stringify(shell)}).BubblewrapShell)(); console.log("ready"); setInterval(() => {}, 1000);`;
      const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", script]);
      const owned = () =>
        readdirSync(tmpdir()).filter((name) => name.includes(`-${child.pid ?? 0}-`));
      await once(child.stdout, "data");
      expect(owned()).to.have.length(1);
      child.kill(signal);
      const [, by] = (await once(child, "exit")) as [unknown, string];
      expect(by).to.equal(signal);
      return owned;
    }

    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      it(`removes it when ${signal} ends its process`, async () => {
        expect((await leftBy(signal))()).to.deep.equal([]);
      });
    }

    it("removes at its start what a process left that was killed outright", async () => {
      const left = await leftBy("SIGKILL");
      expect(left()).to.have.length(1);
      new BubblewrapShell().close();
      expect(left()).to.deep.equal([]);
    });
  });
});
