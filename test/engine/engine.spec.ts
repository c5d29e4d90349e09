import { expect } from "chai";
import { appendFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import type { StateFile } from "../../cli/kept/adoption.js";
import { adoptionOf, importFile, stateFile } from "../../cli/kept/adoption.js";
import type { Cloud } from "../../rehearsal/cloud/cloud.js";
import type { LocalProvider } from "../../rehearsal/provider/provider.js";
import { LOG, MEMBER, TestCloud } from "../../rehearsal/test/support/test-cloud.js";
import { Engine, hasEngine } from "../support/engine.js";

const PROJECT = resolve(__dirname, "..", "..");
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

  const publish = (version: string) => {
    engine.configure("log", (config) => {
      for (const variant of config["fleet:packages"] as { version: string }[])
        variant.version = version;
    });
  };

  const lockPackages = () => {
    const lock = spawnSync(process.execPath, ["--require", "tsx/cjs", "cli/packages/lock.ts"], {
      cwd: engine.folder,
      encoding: "utf8",
    });
    expect(lock.status, lock.stderr).to.equal(0);
  };

  it("updates just what follows from a new version of a package", async () => {
    publish("1.0.1");
    lockPackages();
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

  const said = async (stack: string) => {
    const { code, stdout, stderr } = await engine.run(stack, ["preview"]);
    expect(code, stdout + stderr).to.equal(0);
    return stdout + stderr;
  };

  const deploy = async (stack: string) => {
    const { code, stdout, stderr } = await engine.run(stack, ["up", "--yes", "--skip-preview"]);
    expect(code, stdout + stderr).to.equal(0);
    return stdout + stderr;
  };

  it("says what a running host does not get, and the command that it names applies it", async () => {
    const minimal = "/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-x86_64";
    engine.configure("member", (config) => {
      (config["fleet:hosts"] as Record<string, { image?: string }>)["web"]!.image = minimal;
    });
    const words = await said("member");
    expect(words).to.include(`the running host web does not get its image ${minimal}`);
    const [, urn = ""] = /pulumi up --target-replace '(\S+)'/.exec(words) ?? [];
    const before = member.changes.length;
    const result = await engine.run("member", [
      ...["up", "--yes", "--skip-preview"],
      ...["--target-replace", urn],
    ]);
    expect(result.code, result.stdout + result.stderr).to.equal(0);
    expect(result.stdout).to.not.include("does not get");
    expect(member.changes.slice(before)).to.deep.equal([
      "create aws:ec2/instance:Instance web-instance",
      "delete aws:ec2/instance:Instance web-instance",
    ]);
    expect(await said("member")).to.not.include("does not get");
  });

  const given = "arn:aws:kms:eu-central-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

  it("keeps its own key when another one is given, and says so", async () => {
    const { ownKeyArn, bucket } = await engine.outputs("log");
    cloud.kms.addKey(given, [LOG, MEMBER]);
    engine.configure("log", (config) => (config["fleet:kmsKeyArn"] = given));
    const words = (await said("log")).replace(/\s+/g, " ");
    expect(words).to.include(`what is in bucket ${String(bucket)}`);
    expect(words).to.include(`stays encrypted by ${String(ownKeyArn)}, the stack's own`);
    await engine.up("log");
    expect(await engine.outputs("log")).to.deep.include({
      kmsKeyArn: given,
      ownKeyArn,
      earlierKeyArns: [ownKeyArn],
    });
    expect(log.changes.filter((change) => change.startsWith("delete aws:kms"))).to.deep.equal([]);
  });

  it("refuses a version that was published before, before anything is touched", async () => {
    const raised = readFileSync(executable());
    cpSync(join(PROJECT, "packages", "fleet-facts", "fleet-facts"), executable());
    publish("1.0.0");
    await refused("log", log, "AWS accepts the name of a version once");
    writeFileSync(executable(), raised);
    publish("1.0.1");
  });

  let exported: StateFile;
  let dropped: unknown;

  it("keeps the data of what is taken out of the config, and says so", async () => {
    exported = stateFile.parse(JSON.parse((await engine.run("log", ["stack", "export"])).stdout));
    engine.configure("log", (config) => {
      dropped = config["fleet:packages"];
      config["fleet:packages"] = [];
      config["fleet:outputRegions"] = [];
    });
    const [were, changes] = [log.remaining, log.changes.length];
    const words = await deploy("log");
    expect(words).to.match(/no longer has fleet-facts[^]*no longer has eu-central-1/);
    const deleted = log.changes.slice(changes).filter((change) => change.startsWith("delete "));
    // The bucket's key is kept, too; what is deleted is its name.
    expect(deleted).to.deep.equal([
      "delete aws:kms/alias:Alias runs-output-eu-central-1-encryption-alias",
    ]);
    expect(were.filter((id) => !log.remaining.includes(id))).to.have.length(1);
  });

  it("takes back what it kept, by the import file that fleet adopt writes", async () => {
    engine.configure("log", (config) => {
      config["fleet:packages"] = dropped;
      config["fleet:outputRegions"] = ["eu-central-1"];
    });
    await refused("log", log, "expected a new version of fleet-facts");
    publish("1.0.2");
    lockPackages();
    const file = join(engine.folder, "adopt.json");
    await engine.run("log", ["preview", "--import-file", file]);
    const wanted = importFile.parse(JSON.parse(readFileSync(file, "utf8")));
    const adoption = adoptionOf(wanted, exported, "eu-central-1");
    expect(adoption.adopted.join()).to.include(`cf-output-${LOG}-eu-central-1`);
    writeFileSync(file, JSON.stringify(adoption.file));
    const imported = await engine.run("log", [
      ...["import", "--file", file, "--yes", "--skip-preview"],
      ...["--protect=false", "--generate-code=false"],
    ]);
    expect(imported.code, imported.stdout + imported.stderr).to.equal(0);
    const changes = log.changes.length;
    await engine.up("log");
    const created = log.changes.slice(changes).filter((change) => change.startsWith("create "));
    expect([...new Set(created.map((change) => change.split(" ")[1]))].sort()).to.deep.equal([
      "aws:kms/alias:Alias",
      "aws:s3/bucketObjectv2:BucketObjectv2",
    ]);
    expect(await engine.preview("log")).to.deep.equal([]);
  });

  const destroy = async (stack: string) => {
    const result = await engine.run(stack, ["destroy", "--yes", "--skip-preview"]);
    expect(result.code, result.stdout + result.stderr).to.equal(0);
  };

  it("keeps data when it is destroyed, and deletes all else", async () => {
    await destroy("member");
    const types = [...new Set(member.remaining.map((each) => each.split(" ")[0]))].sort();
    expect(types).to.deep.equal([
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:kms/key:Key",
      "aws:sqs/queue:Queue",
      "aws:ssm/parameter:Parameter",
    ]);
    expect(member.changes.filter((change) => change.startsWith("delete aws:kms/key"))).to.be.empty;
  });

  it("deletes all of it, buckets with their objects, where the config says so", async () => {
    engine.configure("log", (config) => (config["fleet:onRemove"] = "delete"));
    const words = (await deploy("log")).replace(/\s+/g, " ");
    expect(words).to.include("fleet:onRemove: is delete");
    expect(words).to.include("is scheduled for deletion in 30 days by the update after this one");
    await destroy("log");
    // Zips of versions before, which left the stack when the switch was still keep, went with their bucket.
    const others = log.remaining.filter((each) => !each.startsWith("aws:s3/bucketObjectv2:"));
    expect(others).to.deep.equal([]);
    expect(cloud.s3.has(`cf-output-${LOG}-eu-central-1`)).to.equal(false);
  });
});
