import { expect } from "chai";
import { refusal } from "../../../refusal.js";
import { TestCloud } from "../../../../support/test-cloud.js";

const ITEM = {
  TypeName: "Custom:Disk",
  SchemaVersion: "1.0",
  CaptureTime: "2026-01-05T08:00:00Z",
  Content: [{ Volume: "/", Used: "40" }],
};

describe("SsmInventory", () => {
  let testCloud: TestCloud;
  let id: string;
  beforeEach(async () => {
    testCloud = new TestCloud();
    ({ id } = await testCloud.host("web"));
  });
  const put = (item: object = {}, InstanceId = id) =>
    testCloud.call("ssm", "PutInventory", { InstanceId, Items: [{ ...ITEM, ...item }] });
  const entries = async (TypeName = ITEM.TypeName) =>
    (
      await testCloud.call<{ Entries: object[] }>("ssm", "ListInventoryEntries", {
        InstanceId: id,
        TypeName,
      })
    ).Entries;

  it("keeps what was put last of a type, by host", async () => {
    await put();
    expect(await entries()).to.deep.equal(ITEM.Content);
    await put({ Content: [{ Volume: "/", Used: "50" }] });
    expect(await entries()).to.deep.equal([{ Volume: "/", Used: "50" }]);
    expect(await entries("Custom:Other")).to.deep.equal([]);
  });

  it("keeps the content where only its hash comes again, and refuses another hash", async () => {
    await put({ ContentHash: "a" });
    await put({ Content: undefined, ContentHash: "a" });
    expect(await entries()).to.deep.equal(ITEM.Content);
    expect(await refusal(put({ Content: undefined, ContentHash: "b" }))).to.match(
      /^ItemContentMismatchException/,
    );
  });

  it("finds hosts by an attribute", async () => {
    await put();
    const get = async (value: string) => {
      const Filters = [{ Key: "Custom:Disk.Used", Values: [value] }];
      return (
        await testCloud.call<{ Entities: { Id: string }[] }>("ssm", "GetInventory", { Filters })
      ).Entities;
    };
    expect((await get("40")).map(({ Id }) => Id)).to.deep.equal([id]);
    expect(await get("41")).to.deep.equal([]);
  });

  const refused: [what: string, item: object, code: string][] = [
    ["a type of AWS", { TypeName: "AWS:Application" }, "InvalidTypeNameException"],
    ["a small letter at the beginning", { TypeName: "Custom:disk" }, "InvalidTypeNameException"],
    [
      "a time with milliseconds",
      { CaptureTime: "2026-01-05T08:00:00.000Z" },
      "ValidationException",
    ],
    ["a version of one number", { SchemaVersion: "1" }, "ValidationException"],
    ["a number for a text", { Content: [{ Used: 40 }] }, "InvalidItemContentException"],
    [
      "51 attributes",
      {
        Content: [Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`a${index}`, ""]))],
      },
      "InvalidItemContentException",
    ],
    [
      "more than 200 KB",
      { Content: Array.from({ length: 60 }, () => ({ a: "x".repeat(4_000) })) },
      "ItemSizeLimitExceededException",
    ],
  ];
  for (const [what, item, code] of refused) {
    it(`refuses ${what}`, async () => {
      expect(await refusal(put(item))).to.match(new RegExp(`^${code}:`));
    });
  }

  it("refuses a host that is not managed, and the 21st type", async () => {
    expect(await refusal(put({}, "i-00000000000000000"))).to.match(/^InvalidInstanceId/);
    for (let count = 1; count <= 20; count++) await put({ TypeName: `Custom:T${count}` });
    expect(await refusal(put({ TypeName: "Custom:T21" }))).to.match(
      /^CustomSchemaCountLimitExceededException/,
    );
  });
});
