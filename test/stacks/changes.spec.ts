import { expect } from "chai";
import { impossibleChanges, publishedVersions, removedBy } from "../../stacks/changes.js";
import type { ConfigProblem } from "../../stacks/config.js";
import type { Deployed } from "../../stacks/deployed.js";
import { keysOfBefore } from "../../stacks/log/keys.js";
import { entry, inChina, logConfig, memberConfig } from "../support/configs.js";

const own = "arn:aws:kms:eu-central-1:111111111111:key/own";
const given = "arn:aws:kms:eu-central-1:333333333333:key/given";
const other = "arn:aws:kms:eu-central-1:333333333333:key/other";

const before: Deployed = {
  regions: ["eu-central-1"],
  prefix: "cf",
  onRemove: "keep",
  bucket: "central",
  kmsKeyArn: own,
  ownKeyArn: own,
  earlierKeyArns: [],
  packages: { tool: { version: "1.0.0", arns: {} } },
  publishedVersions: { tool: ["1.0.0"] },
};
const member: Deployed = {
  regions: ["eu-central-1"],
  prefix: "cf",
  onRemove: "keep",
  hosts: { web: "i-1" },
};
const lines = (found: readonly ConfigProblem[]) =>
  found.map(({ key, reason }) => `${key}: ${reason}`);

describe("The first deployment of a stack, and one without changes", () => {
  it("is neither refused nor warned of", () => {
    for (const [config, then] of [
      [logConfig(), {}],
      [logConfig(inChina), {}],
      [memberConfig(), {}],
      [logConfig(), before],
      [memberConfig(), member],
      [logConfig({ kmsKeyArn: given }), { ...before, kmsKeyArn: given, ownKeyArn: "" }],
    ] as const) {
      expect(impossibleChanges(config, then)).to.deep.equal([]);
      expect(removedBy(config, then)).to.deep.equal([]);
    }
  });
});

describe("A key of the central bucket that takes the place of another", () => {
  it("leaves the stack's own declared, and its objects readable", () => {
    expect(keysOfBefore(logConfig({ kmsKeyArn: given }), before)).to.deep.equal({
      ownKeyArn: own,
      keepsOwnKey: true,
      earlierKeyArns: [own],
    });
    expect(lines(removedBy(logConfig({ kmsKeyArn: given }), before))).to.deep.equal([
      `fleet:kmsKeyArn: another key encrypts what is written from now on; what is in bucket central (packages, output, results of queries) stays encrypted by ${own}, the stack's own, which stays (from 1 USD a month): keep that key as long as anybody reads it`,
    ]);
  });

  it("goes on so in every later deployment, and is said once", () => {
    const later = { ...before, kmsKeyArn: given, earlierKeyArns: [own] };
    const config = logConfig({ kmsKeyArn: given });
    expect(keysOfBefore(config, later)).to.include({ keepsOwnKey: true });
    expect(removedBy(config, later)).to.deep.equal([]);
  });

  it("is remembered where somebody else gave it", () => {
    const after = { ...before, kmsKeyArn: given, earlierKeyArns: [own] };
    const config = logConfig({ kmsKeyArn: other });
    expect(keysOfBefore(config, after).earlierKeyArns).to.deep.equal([own, given]);
    expect(lines(removedBy(config, after)).join()).to.include(`${given}, which is not ours`);
    const back = keysOfBefore(logConfig(), after);
    expect(back).to.deep.equal({ ownKeyArn: own, keepsOwnKey: true, earlierKeyArns: [given] });
  });

  it("has the own key deleted only where that was deployed before, with a sentence each time", () => {
    const config = logConfig({ kmsKeyArn: given, onRemove: "delete" });
    const key = `fleet:kmsKeyArn: the stack's own key ${own} is scheduled for deletion in 30 days`;
    expect(keysOfBefore(config, before)).to.include({ keepsOwnKey: true });
    expect(lines(removedBy(config, before)).join("\n")).to.include(`${key} by the update after`);
    const then: Deployed = { ...before, onRemove: "delete" };
    expect(keysOfBefore(config, then)).to.deep.include({ keepsOwnKey: false, earlierKeyArns: [] });
    expect(lines(removedBy(config, then)).join("\n")).to.include(`${key} by this update`);
    expect(keysOfBefore(logConfig({ kmsKeyArn: given }), then)).to.include({ keepsOwnKey: true });
  });

  it("never deletes the own key while it is the bucket's", () => {
    for (const values of [{}, { kmsKeyArn: own }]) {
      const keys = keysOfBefore(logConfig({ ...values, onRemove: "delete" }), before);
      expect(keys).to.include({ keepsOwnKey: true });
    }
  });

  it("takes a key of the account for its own in what an older program deployed", () => {
    const older = { regions: ["eu-central-1"], bucket: "central", kmsKeyArn: own };
    expect(keysOfBefore(logConfig({ kmsKeyArn: given }), older)).to.include({ keepsOwnKey: true });
    const never = { ...older, kmsKeyArn: other };
    expect(keysOfBefore(logConfig({ kmsKeyArn: given }), never)).to.include({ keepsOwnKey: false });
  });
});

describe("A version of a package", () => {
  const at = (version: string) => logConfig({ packages: [entry({ version })] });
  const raised: Deployed = {
    ...before,
    packages: { tool: { version: "1.1.0", arns: {} } },
    publishedVersions: { tool: ["1.0.0", "1.1.0"] },
  };

  it("is refused where it was published before, with what is known and what to do", () => {
    expect(lines(impossibleChanges(at("1.0.0"), raised))).to.deep.equal([
      'fleet:packages[0].version: expected 1.1.0, or a new version of tool, got "1.0.0", which was published before (1.0.0, 1.1.0); AWS accepts the name of a version once: publish the content of 1.0.0 under a new version',
    ]);
  });

  it("is taken where it is the present one, or was never published by this stack", () => {
    expect(impossibleChanges(at("1.1.0"), raised)).to.deep.equal([]);
    expect(impossibleChanges(at("0.9.0"), raised)).to.deep.equal([]);
  });

  it("is refused for a package that comes back, as its document was kept", () => {
    const dropped: Deployed = { ...raised, packages: {} };
    expect(lines(impossibleChanges(at("1.1.0"), dropped)).join()).to.include(
      "expected a new version of tool",
    );
    expect(impossibleChanges(at("1.2.0"), dropped)).to.deep.equal([]);
    expect(lines(removedBy(at("1.2.0"), dropped))).to.deep.equal([
      "fleet:packages[0].name: tool comes back, and its document was kept; import it first (npx fleet adopt, docs/removal.md), or AWS refuses to make it in the middle of the update",
    ]);
  });

  it("is remembered, also of packages that are gone and whose documents are kept", () => {
    const none = (onRemove: string) => logConfig({ packages: [], onRemove });
    expect(publishedVersions(at("1.2.0"), raised)).to.deep.equal({
      tool: ["1.0.0", "1.1.0", "1.2.0"],
    });
    expect(publishedVersions(none("keep"), raised)).to.deep.equal(raised.publishedVersions);
    expect(publishedVersions(none("delete"), raised)).to.deep.equal({});
    expect(publishedVersions(at("1.0.0"), { packages: before.packages })).to.deep.equal({
      tool: ["1.0.0"],
    });
  });
});

describe("What is taken out of the config", () => {
  it("is refused where it is the home Region", () => {
    const config = logConfig({ regions: ["eu-west-1", "eu-central-1"] });
    expect(lines(impossibleChanges(config, before))).to.deep.equal([
      'fleet:regions[0]: expected eu-central-1 first, where the stack is deployed, got "eu-west-1"; what exists once cannot move: put eu-central-1 first, or make another stack (docs/removal.md)',
    ]);
  });

  it("is said by name, with what becomes of it", () => {
    const were: Deployed = {
      ...before,
      regions: ["eu-central-1", "eu-west-1"],
      runs: { buckets: { "eu-central-1": "central", "eu-west-1": "cf-output-eu-west-1" } },
    };
    const text = lines(removedBy(logConfig({ packages: [] }), were)).join("\n");
    expect(text).to.match(/fleet:regions: no longer has eu-west-1.*kept in the account/);
    expect(text).to.match(/fleet:packages: no longer has tool.*kept.*can still install it/);
    expect(text).to.match(/fleet:outputRegions: no longer has eu-west-1; bucket cf-output-eu-west/);
    const deletes = logConfig({ packages: [], onRemove: "delete" });
    const kept = lines(removedBy(deletes, were));
    expect(kept[0]).to.match(/^fleet:onRemove: is delete: .*buckets with all objects/);
    expect(kept.filter((line) => line.includes("kept in the account"))).to.have.length(3);
    const gone = lines(removedBy(deletes, { ...were, onRemove: "delete" }));
    expect(gone.filter((line) => line.includes("deleted for good by this"))).to.have.length(3);
  });

  it("is refused where the config says keep and the last deployment did not", () => {
    for (const onRemove of ["delete", undefined] as const) {
      const then: Deployed = { ...before, onRemove };
      expect(impossibleChanges(logConfig(), then)).to.deep.equal([]);
      expect(lines(impossibleChanges(logConfig({ packages: [] }), then))).to.deep.equal([
        "fleet:packages: no longer has tool, of which 1.0.0 is published; its document would be deleted, as the last deployment was made without fleet:onRemove: keep; put it back, deploy once, and then take it out",
      ]);
    }
  });

  it("is terminated where it is a host, whatever the switch", () => {
    const config = memberConfig({ hosts: {} });
    expect(lines(removedBy(config, member)).join()).to.match(
      /no longer has web: i-1 is terminated/,
    );
  });

  it("is everything with a fixed name where the prefix changes", () => {
    expect(lines(removedBy(logConfig({ prefix: "ops" }), before)).join()).to.include(
      'fleet:prefix: "ops" takes the place of "cf"',
    );
  });
});
