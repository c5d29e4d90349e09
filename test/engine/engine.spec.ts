import { expect } from "chai";
import { appendFileSync, readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Cloud } from "../../rehearsal/cloud/cloud.js";
import type { LocalProvider } from "../../rehearsal/provider/provider.js";
import { LOG, MEMBER, TestCloud } from "../../rehearsal/test/support/test-cloud.js";
import { Engine, hasEngine } from "../support/engine.js";

const REFRESH = ["refresh", "--yes", "--skip-preview", "--expect-no-changes"];

/** One engine and one cloud for the whole story: every step stands on the one before, as it does for a team. */
describe("the program under the real Pulumi engine", function () {
  this.timeout(300_000);
  this.bail(true);
  let cloud: Cloud;
  let engine: Engine;
  let log: LocalProvider;
  let member: LocalProvider;

  before(async function () {
    if (!hasEngine()) {
      if (process.env["FLEET_REQUIRE_ENGINE"] === "1") {
        throw new Error(
          "FLEET_REQUIRE_ENGINE=1, but pulumi and pulumi-language-nodejs are not on the PATH",
        );
      }
      this.skip();
    }
    const organization = { id: "o-engine1", managementAccount: "999999999999", accounts: [] };
    ({ cloud } = new TestCloud({ organization }));
    engine = new Engine(cloud, ["packages"]);
    log = await engine.stack("log", LOG);
    member = await engine.stack("member", MEMBER);
  });

  after(() => {
    engine?.close();
  });

  const refused = async (stack: string, provider: LocalProvider, text: string) => {
    const before = [...provider.changes];
    const result = await engine.run(stack, ["up", "--yes", "--skip-preview"]);
    expect(result.stdout + result.stderr).to.include(text);
    expect(result.stdout + result.stderr).to.not.match(/^\s+at .+:\d+:\d+/m, "a stack trace");
    expect(result.code).to.not.equal(0);
    expect(provider.changes).to.deep.equal(before);
  };

  it("refuses credentials of another account before anything is touched", async () => {
    const wrong = await engine.stack("log", MEMBER);
    await refused("log", wrong, `AWS account ID not allowed: ${MEMBER}`);
    const preview = await engine.run("log", ["preview"]);
    expect(preview.stdout + preview.stderr).to.include("AWS account ID not allowed");
    expect([preview.code === 0, wrong.changes]).to.deep.equal([false, []]);
    log = await engine.stack("log", LOG);
  });

  it("previews log without touching anything", async () => {
    const steps = await engine.preview("log");
    expect([...new Set(steps.map(({ op }) => op))]).to.deep.equal(["create"]);
    expect(steps.map(({ type }) => type)).to.include.members([
      "aws:ssm/document:Document",
      "aws:kms/key:Key",
    ]);
    expect(log.changes).to.deep.equal([]);
  });

  it("deploys log, and then member, which reads log's outputs", async () => {
    await engine.up("log");
    const steps = await engine.preview("member");
    expect([...new Set(steps.map(({ op }) => op))]).to.deep.equal(["create"]);
    expect(member.changes).to.deep.equal([]);
    await engine.up("member");
    expect(await engine.outputs("log")).to.have.property("account", LOG);
    expect(member.changes).to.include("create aws:ec2/instance:Instance web-instance");
    expect(member.changes.filter((change) => !change.startsWith("create "))).to.deep.equal([]);
  });

  it("bootstraps the hosts that it deployed", async () => {
    await cloud.clock.run();
    const tags = ["Name", "cf.ec2.bootstrap-status", "fleet:stack"];
    const hosts = [...cloud.ec2.instances.all()].map((host) =>
      tags.map((tag) => host.tags.get(tag)),
    );
    // The provider's default tags are on them, too.
    expect(hosts).to.have.deep.members([
      ["web", "Success", "fleet/member"],
      ["files", "Success", "fleet/member"],
    ]);
  });

  it("sees no change in a second preview", async () => {
    expect(await engine.preview("log")).to.deep.equal([]);
    expect(await engine.preview("member")).to.deep.equal([]);
  });

  it("finds nothing to refresh, although the runbook left its tags on the hosts", async () => {
    for (const stack of ["log", "member"]) {
      const result = await engine.run(stack, REFRESH);
      expect(result.code, result.stdout + result.stderr).to.equal(0);
    }
    expect(await engine.preview("member")).to.deep.equal([]);
  });

  const executable = () => join(engine.folder, "packages", "fleet-facts", "fleet-facts");

  it("refuses changed content under the same version before anything is touched", async () => {
    appendFileSync(executable(), "\n# changed\n");
    await refused("log", log, "changed without a change of version");
  });

  it("updates just what follows from a new version of a package", async () => {
    engine.configure("log", (config) => {
      for (const variant of config["fleet:packages"] as { version: string }[])
        variant.version = "1.0.1";
    });
    const lock = spawnSync(process.execPath, ["--require", "tsx/cjs", "cli/packages/lock.ts"], {
      cwd: engine.folder,
      encoding: "utf8",
    });
    expect(lock.status, lock.stderr).to.equal(0);
    expect(readFileSync(join(engine.folder, "packages.lock.json"), "utf8")).to.include("1.0.1");
    const steps = await engine.preview("log");
    expect(steps.filter(({ type }) => !type.startsWith("fleet:"))).to.deep.equal(
      [
        ...["linux-arm64", "linux-x86_64", "manifest", "windows-x86_64"].map((name) => [
          "replace",
          "aws:s3/bucketObjectv2:BucketObjectv2",
          `packages-fleet-facts-${name}`,
        ]),
        ["update", "aws:ssm/document:Document", "packages-fleet-facts-document-eu-central-1"],
      ].map(([op, type, name]) => ({ op, type, name })),
    );
    await engine.up("log");
    expect(await engine.preview("log")).to.deep.equal([]);
    expect(await engine.preview("member")).to.deep.equal([]);
  });

  it("adds schedules, collections, routes, operators and own buckets, and sees no change then", async () => {
    engine.configure("log", (config) => {
      config["fleet:outputRegions"] = ["eu-central-1"];
      config["fleet:runners"] = { principals: [`arn:aws:iam::${LOG}:role/people`] };
      config["fleet:routeTopics"] = { ops: ["ops@example.com"], failures: ["ops@example.com"] };
      config["fleet:routes"] = [
        {
          name: "silent-hosts",
          query: "no-answer",
          parameters: ["schedule-disks"],
          schedule: "rate(1 day)",
          rules: [{ topic: "ops" }],
        },
      ];
    });
    engine.configure("member", (config) => {
      const night = "cron(0 3 ? * * *)";
      config["fleet:schedules"] = {
        disks: { script: "disk-pressure", schedule: night, timeZone: "Europe/Berlin" },
        facts: { script: "facts", kind: "association", schedule: "rate(12 hours)" },
        scan: {
          document: "AWS-RunPatchBaseline",
          parameters: { Operation: "Scan" },
          schedule: night,
        },
      };
      config["fleet:collect"] = {
        reboots: {
          script: "pending-reboot",
          schedule: night,
          inventory: "Custom:PendingReboot",
          compliance: {
            type: "Custom:Reboot",
            rules: [{ field: "pending", operator: "equals", value: false }],
          },
        },
      };
    });
    for (const [stack, provider, created] of [
      ["log", log, "aws:sfn/stateMachine:StateMachine"],
      ["member", member, "aws:ssm/maintenanceWindow:MaintenanceWindow"],
    ] as const) {
      await engine.up(stack);
      expect(provider.changes.some((change) => change.startsWith(`create ${created}`))).to.equal(
        true,
      );
    }
    for (const stack of ["log", "member"]) {
      expect(await engine.preview(stack)).to.deep.equal([]);
      const result = await engine.run(stack, REFRESH);
      expect(result.code, result.stdout + result.stderr).to.equal(0);
    }
  });

  it("prints a mistake in the config bare", async () => {
    engine.configure("member", (config) => (config["fleet:account"] = "2222"));
    await refused("member", member, "fleet:account");
    engine.configure("member", (config) => (config["fleet:account"] = MEMBER));
  });

  it("prints the key of a setting that names what does not exist, before anything is touched", async () => {
    const hosts = (config: Record<string, unknown>) =>
      config["fleet:hosts"] as Record<string, { image?: string }>;
    engine.configure("member", (config) => {
      hosts(config)["web"] = { ...hosts(config)["web"], image: "/aws/service/no/such/image" };
      config["fleet:schedules"] = {
        clean: { document: "Acme-Cleen", schedule: "rate(1 day)" },
        hello: { document: "AWS-RunShellScript", schedule: "rate(1 day)" },
      };
    });
    for (const key of [
      "fleet:hosts.web.image",
      "fleet:schedules.clean.document",
      "fleet:schedules.hello.parameters.commands",
    ])
      await refused("member", member, `${key}: expected`);
    engine.configure("member", (config) => {
      delete hosts(config)["web"]?.image;
      delete config["fleet:schedules"];
    });
  });

  it("destroys all that it made", async () => {
    for (const [stack, provider] of [
      ["member", member],
      ["log", log],
    ] as const) {
      const result = await engine.run(stack, ["destroy", "--yes", "--skip-preview"]);
      expect(result.code, result.stdout + result.stderr).to.equal(0);
      expect(provider.remaining).to.deep.equal([]);
    }
  });
});
