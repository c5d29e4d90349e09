import { expect } from "chai";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adoptionOf } from "../../kept/adoption.js";
import { fleet } from "../support.js";

const group = "aws:cloudwatch/logGroup:LogGroup";
const key = "aws:kms/key:Key";
const object = "aws:s3/bucketObjectv2:BucketObjectv2";
const urn = (type: string, name: string) => `urn:pulumi:log::fleet::fleet:index:X$${type}::${name}`;
const was = (type: string, name: string, id: string, more: object = {}) => ({
  ...{ urn: urn(type, name), type, id, retainOnDelete: true },
  ...more,
});
const state = {
  deployment: {
    resources: [
      { urn: "urn:pulumi:log::fleet::fleet:index:X::x", type: "fleet:index:X" },
      was(group, "x-logs", "/cf/logs", { inputs: { region: "eu-west-1" } }),
      was(key, "x-key", "1234", { inputs: { region: "eu-central-1" } }),
      was(object, "x-zip", "bucket/zip"),
      was("aws:iam/role:Role", "x-role", "role", { retainOnDelete: false }),
    ],
  },
};
const wanted = {
  nameTable: { account: "urn:of-provider" },
  resources: [
    { type: "fleet:index:X", name: "x", component: true },
    ...[group, key, object, "aws:iam/role:Role"].map((type, index) => ({
      type,
      name: ["x-logs", "keyOfX", "x-zip", "x-role"][index] ?? "",
      ...(type === key && { logicalName: "x-key" }),
      id: "<PLACEHOLDER>",
      parent: "x",
    })),
    { type: group, name: "x-new", id: "<PLACEHOLDER>", parent: "x" },
  ],
};

describe("adoptionOf", () => {
  it("takes what was kept, by its id and Region, and the components around it", () => {
    const { file, adopted } = adoptionOf(wanted, state, "eu-central-1");
    expect(file).to.deep.equal({
      nameTable: { account: "urn:of-provider" },
      resources: [
        { type: "fleet:index:X", name: "x", component: true },
        { type: group, name: "x-logs", id: "/cf/logs@eu-west-1", parent: "x" },
        { type: key, name: "keyOfX", logicalName: "x-key", id: "1234", parent: "x" },
      ],
    });
    expect(adopted).to.deep.equal([`${group} x-logs: /cf/logs@eu-west-1`, `${key} keyOfX: 1234`]);
  });
});

describe("fleet adopt", () => {
  let folder: string;
  const path = process.env["PATH"] ?? "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-adopt-spec-"));
    writeFileSync(join(folder, "Pulumi.log.yaml"), "config:\n  fleet:regions: [eu-central-1]\n");
    writeFileSync(join(folder, "wanted.json"), JSON.stringify(wanted));
    writeFileSync(join(folder, "before.json"), JSON.stringify(state));
    writeFileSync(
      join(folder, "pulumi"),
      '#!/bin/sh\n[ "$2" = --import-file ] && cp wanted.json "$3"\n',
    );
    chmodSync(join(folder, "pulumi"), 0o755);
    process.env["PATH"] = `${folder}:${path}`;
  });
  afterEach(() => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true });
  });

  it("writes Pulumi's import file and says what to do with it", async () => {
    const { code, out } = await fleet(folder, ["adopt", "--from", "before.json"]);
    expect(code).to.equal(0);
    expect(out).to.include("pulumi import --stack log --file adopt.json --protect=false");
    const written: unknown = JSON.parse(readFileSync(join(folder, "adopt.json"), "utf8"));
    expect(written).to.deep.equal(adoptionOf(wanted, state, "eu-central-1").file);
  });

  it("says that there is no export where there is none", async () => {
    const missing = await fleet(folder, ["adopt", "--from", "misspelt.json"]);
    expect(missing.code).to.equal(1);
    expect(missing.errors).to.include(`--from ${join(folder, "misspelt.json")}: expected`);
    expect(missing.errors).to.include("it cannot be read: ENOENT");
  });

  it("refuses an export that it cannot use, and writes nothing", async () => {
    writeFileSync(join(folder, "before.json"), "[]");
    const unreadable = await fleet(folder, ["adopt", "--from", "before.json"]);
    expect([unreadable.code, unreadable.errors]).to.deep.equal([
      1,
      `--from ${join(folder, "before.json")}: expected what Pulumi writes as JSON; write it again\n`,
    ]);
    writeFileSync(join(folder, "before.json"), '{"deployment":{}}');
    const nothing = await fleet(folder, ["adopt", "--from", "before.json"]);
    expect(nothing.errors).to.include("nothing in it was kept and is declared by stack log");
    expect(() => readFileSync(join(folder, "adopt.json"))).to.throw();
  });
});
