import { expect } from "chai";
import { readConfiguration } from "../../../host/cloudwatch-agent/configuration.js";

const read = (configuration: object, platform: "Linux" | "Windows" = "Linux") =>
  readConfiguration(JSON.stringify(configuration), platform);
const problem = (configuration: object): string => {
  try {
    read(configuration);
  } catch (error) {
    return (error as Error).message;
  }
  return "it was taken";
};
const metrics = (metrics_collected: object) => ({ metrics: { metrics_collected } });
const files = (...collect_list: object[]) => ({
  logs: { logs_collected: { files: { collect_list } } },
});

describe("readConfiguration", () => {
  it("reads metrics of Linux with their sections, names and dimensions", () => {
    const found = read({
      metrics: {
        namespace: "fleet",
        append_dimensions: { InstanceId: "${aws:InstanceId}" },
        metrics_collected: {
          mem: {
            measurement: ["mem_used_percent", { name: "free", rename: "Free", unit: "Bytes" }],
          },
          disk: { measurement: ["used_percent"], resources: ["*"] },
        },
      },
    });
    expect(found).to.deep.equal({
      namespace: "fleet",
      appendDimensions: { InstanceId: "${aws:InstanceId}" },
      metrics: [
        { name: "mem_used_percent", dimensions: {} },
        { name: "Free", unit: "Bytes", dimensions: {} },
        {
          name: "disk_used_percent",
          dimensions: { path: "/", device: "nvme0n1p1", fstype: "xfs" },
        },
      ],
      logs: [],
      notRehearsed: [],
    });
  });

  it("reads counters of Windows", () => {
    const found = read(
      metrics({
        Memory: { measurement: ["% Committed Bytes In Use"] },
        LogicalDisk: { measurement: ["% Free Space"], resources: ["*"] },
      }),
      "Windows",
    );
    expect(found.metrics).to.deep.equal([
      { name: "Memory % Committed Bytes In Use", dimensions: { objectname: "Memory" } },
      {
        name: "LogicalDisk % Free Space",
        dimensions: { objectname: "LogicalDisk", instance: "_Total" },
      },
    ]);
  });

  it("names what it takes and does not model", () => {
    const { notRehearsed } = read({
      agent: { region: "eu-central-1" },
      traces: {},
      metrics: {
        aggregation_dimensions: [["InstanceId"]],
        metrics_collected: { mem: { measurement: ["used"] }, statsd: {} },
      },
      logs: {
        metrics_collected: { emf: {} },
        logs_collected: {
          windows_events: { collect_list: [{ event_name: "System", event_levels: ["ERROR"] }] },
        },
      },
    });
    expect(notRehearsed).to.deep.equal(
      [
        "metrics.metrics_collected.statsd",
        "traces",
        "metrics.aggregation_dimensions",
        "logs.metrics_collected",
        "logs.logs_collected.windows_events",
        "agent.region",
      ].map((section) => `CloudWatch agent configuration: ${section}`),
    );
  });

  const refused: readonly (readonly [what: string, configuration: object, problem: RegExp])[] = [
    ["nothing to collect", {}, /^Under path : \/ \| Error : expected a section metrics, logs/],
    ["a section without measurements", metrics({ mem: {} }), /\/mem\/measurement \| Error/],
    [
      "a measurement that there is not",
      metrics({ mem: { measurement: ["mem_use"] } }),
      /^Under path : \/metrics\/metrics_collected\/mem\/measurement \| Error : measurement name mem_use is invalid$/,
    ],
    ["a file without its path", files({ log_group_name: "x" }), /collect_list\/0\/file_path/],
    ["a misspelt key of a file", files({ file_path: "/x", log_group: "y" }), /log_group/],
    [
      "a retention that CloudWatch Logs has not",
      files({ file_path: "/x", retention_in_days: 42 }),
      /retention_in_days \| Error : expected a number of days/,
    ],
    ["logs without a source", { logs: {} }, /^Under path : \/logs \| Error : expected logs_coll/],
    [
      "events without a level",
      { logs: { logs_collected: { windows_events: { collect_list: [{ event_name: "x" }] } } } },
      /expected event_levels, event_ids or filters/,
    ],
  ];
  for (const [what, configuration, words] of refused)
    it(`refuses ${what}`, () => expect(problem(configuration)).to.match(words));

  it("refuses what is no JSON", () => {
    expect(() => readConfiguration("{", "Linux")).to.throw("the configuration is no JSON");
  });
});
