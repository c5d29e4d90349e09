import { expect } from "chai";
import { checkConfiguration } from "../../../cloudwatch/loader/schema.js";
import { problemText } from "../../../lib/problem.js";

const problemsOf = (configuration: unknown): readonly string[] => {
  const found = checkConfiguration(configuration);
  return "problems" in found ? found.problems.map(problemText) : [];
};
const metrics = (metrics_collected: object, more: object = {}) => ({
  metrics: { metrics_collected, ...more },
});
const files = (...collect_list: object[]) => ({
  logs: { logs_collected: { files: { collect_list } } },
});
const events = (event: object) => ({
  logs: { logs_collected: { windows_events: { collect_list: [event] } } },
});
const mem = { measurement: ["used"] };

const refused: readonly [what: string, configuration: unknown, problem: string][] = [
  ["nothing to collect", {}, "expected a section metrics, logs or traces"],
  [
    "metrics of nothing",
    metrics({}),
    "metrics.metrics_collected: expected at least one section, got none",
  ],
  [
    "an unknown section without measurements",
    metrics({ memory: {} }),
    "metrics.metrics_collected.memory.measurement: expected array, got nothing",
  ],
  [
    "a measurement twice",
    metrics({ mem: { measurement: ["used", "used"] } }),
    "metrics.metrics_collected.mem.measurement: expected no entry twice, got the same again",
  ],
  [
    "a measurement that is no name",
    metrics({ mem: { measurement: [1] } }),
    "metrics.metrics_collected.mem.measurement[0]: expected a name, or an object with name and, if wanted, rename and unit",
  ],
  [
    "one processor",
    metrics({ cpu: { ...mem, resources: ["cpu0"] } }),
    'metrics.metrics_collected.cpu.resources[0]: Invalid input: expected "*"',
  ],
  [
    "two lists of processors",
    metrics({ cpu: { ...mem, resources: ["*", "*"] } }),
    "metrics.metrics_collected.cpu.resources: Too big: expected array to have <=1 items",
  ],
  [
    "metrics that go nowhere",
    metrics({ mem }, { metrics_destinations: {} }),
    "metrics.metrics_destinations: expected at least one section, got none",
  ],
  [
    "a role that is no ARN",
    metrics({ mem }, { credentials: { role_arn: "role" } }),
    "metrics.credentials.role_arn: Too small: expected string to have >=20 characters",
  ],
  ["logs without a source", { logs: {} }, "logs: expected logs_collected or metrics_collected"],
  [
    "logs of nothing",
    { logs: { logs_collected: {} } },
    "logs.logs_collected: expected at least one section, got none",
  ],
  [
    "a source of logs that there is not",
    { logs: { logs_collected: { journald: { collect_list: [{}] }, journal: {} } } },
    'logs.logs_collected: expected no "journal", which the agent does not know here',
  ],
  [
    "a file twice",
    files({ file_path: "/x" }, { file_path: "/x" }),
    "logs.logs_collected.files.collect_list: expected no entry twice, got the same again",
  ],
  [
    "an event twice",
    events({ event_name: "System", event_ids: [1, 1] }),
    "logs.logs_collected.windows_events.collect_list[0].event_ids: expected no entry twice, got the same again",
  ],
];

describe("The check of a configuration of the CloudWatch agent", () => {
  for (const [what, configuration, problem] of refused) {
    it(`refuses ${what}`, () => expect(problemsOf(configuration)).to.deep.equal([problem]));
  }

  it("takes sections whose inside it does not know", () => {
    const procstat = [{ exe: "sshd", measurement: ["cpu_usage"] }];
    expect(problemsOf(metrics({ procstat, statsd: {} }))).to.deep.equal([]);
    expect(problemsOf({ traces: { traces_collected: { xray: {} } } })).to.deep.equal([]);
  });

  it("takes Windows objects and the instances of their counters", () => {
    const LogicalDisk = { measurement: ["% Free Space"], resources: ["C:", "D:"] };
    expect(problemsOf(metrics({ LogicalDisk }))).to.deep.equal([]);
  });
});
