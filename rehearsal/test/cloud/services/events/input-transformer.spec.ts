import { expect } from "chai";
import type { CloudEvent } from "../../../../cloud/services/events/event.js";
import {
  checkTransformer,
  transform,
} from "../../../../cloud/services/events/input-transformer.js";

const RULE = "arn:aws:events:eu-central-1:222222222222:rule/running";

const event: CloudEvent = {
  version: "0",
  id: "11111111-2222-3333-4444-555555555555",
  "detail-type": "EC2 Instance State-change Notification",
  source: "aws.ec2",
  account: "222222222222",
  time: "2026-01-05T08:00:15Z",
  region: "eu-central-1",
  resources: ["arn:aws:ec2:eu-central-1:222222222222:instance/i-1"],
  detail: { "instance-id": "i-1", state: "running", note: 'say "hi"\n', count: 3 },
};

describe("an input transformer", () => {
  const cases: [name: string, paths: Record<string, string>, template: string, wanted: string][] = [
    ["a value in quotes", { i: "$.detail.instance-id" }, '{"Id":["<i>"]}', '{"Id":["i-1"]}'],
    ["a value without quotes", { i: "$.detail.instance-id" }, '{"Id":[<i>]}', '{"Id":["i-1"]}'],
    ["a number", { c: "$.detail.count" }, '{"n":<c>,"t":"<c>"}', '{"n":3,"t":"3"}'],
    ["an object", { d: "$.detail" }, '{"d":<d>}', `{"d":${JSON.stringify(event.detail)}}`],
    ["an element of a list", { r: "$.resources[0]" }, '["<r>"]', JSON.stringify(event.resources)],
    [
      "a text with quotes inside quotes",
      { n: "$.detail.note" },
      '{"n":"<n>"}',
      '{"n":"say \\"hi\\"\\n"}',
    ],
    ["a path that finds nothing, in quotes", { x: "$.detail.none" }, '{"x":"<x>"}', '{"x":""}'],
    [
      "two values in one text",
      { i: "$.detail.instance-id", s: "$.detail.state" },
      '"<i> is <s>"',
      '"i-1 is running"',
    ],
    ["the rule's ARN", {}, '{"rule":"<aws.events.rule-arn>"}', `{"rule":"${RULE}"}`],
    ["a placeholder after an escaped quote", { i: "$.detail.instance-id" }, '"\\"<i>"', '"\\"i-1"'],
  ];
  for (const [name, inputPaths, inputTemplate, wanted] of cases) {
    it(`fills in ${name}`, () => {
      expect(transform({ inputPaths, inputTemplate }, event, RULE)).to.equal(wanted);
    });
  }

  const refused: [name: string, paths: Record<string, string>, template: string, text: string][] = [
    [
      "a placeholder without a path",
      {},
      '"<i>"',
      "the template uses <i>, which InputPathsMap does not define",
    ],
    [
      "a path that is no dot notation",
      { i: "$..id" },
      '"<i>"',
      'the path of i, "$..id", is not in dot notation from "$"',
    ],
    [
      "a reserved name",
      { AWSi: "$.id" },
      '"<AWSi>"',
      "the name AWSi begins with AWS, which is reserved",
    ],
    ["a long template", {}, "x".repeat(8193), "InputTemplate has more than 8192 characters"],
  ];
  for (const [name, inputPaths, inputTemplate, text] of refused) {
    it(`is refused for ${name}`, () => {
      expect(() => checkTransformer({ inputPaths, inputTemplate })).to.throw(
        `InputTransformer is not valid: ${text}`,
      );
    });
  }
});
