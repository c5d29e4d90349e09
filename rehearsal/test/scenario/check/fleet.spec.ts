import { expect } from "chai";
import { fleetFigures, checkFleet } from "../../../scenario/check/fleet.js";
import type { FleetCheck } from "../../../scenario/schema/scenario.js";
import type { Environment } from "../../../scenario/setup/environment.js";

const id = (digit: number) => `i-0000000000000000${digit}`;
const instance = (digit: number, name: string, launchTime: number) => ({
  id: id(digit),
  launchTime,
  tags: new Map([["Name", name]]),
});
const run = (
  digit: number,
  endTime: number,
  { step = "record", status = "Success", recorded = "Success" } = {},
) => ({
  parameters: { InstanceId: [`arn:aws:ec2:r:1:instance/${id(digit)}`] },
  endTime,
  status,
  steps: [{ name: step, outputs: { Payload: { Status: recorded } } }],
  price: 0.25,
});
const start = (principal: string, times?: number) => ({
  call: "ssm:StartAutomationExecution",
  outcome: "throttled",
  principal,
  ...(times !== undefined && { times }),
});
const letter = (digit: number, cause: object) => ({
  Body: `{"instance":"${id(digit)}"}`,
  MessageAttributes: cause,
});

/** Three hosts of the fleet: ready twice, ready once, lost. And others, which do not count. */
const environment = {
  cloud: {
    ec2: {
      instances: {
        all: () => [
          instance(1, "storm-1", 1_000),
          instance(2, "storm-2", 2_000),
          instance(3, "storm-3", 3_000),
          instance(4, "storm-of-yesterday", 0),
          instance(5, "web", 0),
        ],
      },
    },
    ssm: {
      automations: {
        executions: {
          all: () => [
            run(1, 11_000),
            run(1, 90_000),
            run(2, 41_000),
            run(2, 45_000, { recorded: "Lost" }),
            run(2, 50_000, { step: "readIntent" }),
            run(3, 60_000, { status: "Failed" }),
            run(3, 65_000, { recorded: "Gone" }),
            run(5, 70_000),
          ],
        },
      },
    },
    calls: [
      start("a", 3),
      start("b"),
      { call: "ssm:StartAutomationExecution", outcome: "allowed", principal: "c" },
      { call: "ec2:CreateTags", outcome: "throttled", principal: "d" },
    ],
    sqs: {
      all: [
        { messages: [letter(3, { ERROR_CODE: { StringValue: "THROTTLING" } }), letter(2, {})] },
        { messages: [letter(5, { ERROR_CODE: { StringValue: "THROTTLING" } })] },
      ],
    },
  },
} as unknown as Environment;

describe("fleetFigures", () => {
  it("report the outcome of hosts that were launched together, and of no others", () => {
    expect(fleetFigures(environment, "storm")).to.deep.equal({
      hosts: 3,
      ready: 2,
      halfReady: 10,
      lastReady: 40,
      runs: 7,
      twice: 1,
      lost: 1,
      throttled: 4,
      retried: 2,
      price: 1.75,
    });
  });
});

describe("checkFleet", () => {
  const cases: [check: FleetCheck, holds: boolean][] = [
    [{ ready: 2 }, true],
    [{ ready: 3 }, false],
    [{ throttled: ">= 4" }, true],
    [{ throttled: ">= 5" }, false],
    [{ price: "<= 1.75" }, true],
    [{ price: "<= 1.7" }, false],
    [{ within: "PT40S" }, true],
    [{ within: "PT39S" }, false],
  ];
  for (const [check, holds] of cases) {
    it(`says whether it holds: ${JSON.stringify(check)}`, () => {
      expect(checkFleet(environment, "storm", check).map((result) => result.holds)).to.deep.equal([
        holds,
      ]);
    });
  }

  it("reports what it found instead", () => {
    expect(checkFleet(environment, "storm", { lost: ">= 2" })).to.deep.equal([
      {
        expectation: "storm: events in dead-letter queues: >= 2",
        holds: false,
        found: "1",
      },
    ]);
  });
});
