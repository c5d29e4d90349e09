import { expect } from "chai";
import { memberConfig, realFiles } from "../support/configs.js";

/** What the agent of a platform reads by itself, and how much of it. */
interface AgentConfig {
  readonly agent: Record<string, unknown>;
  readonly logs: { readonly logs_collected: Record<string, { readonly collect_list: Entry[] }> };
  readonly metrics: {
    readonly namespace: string;
    readonly append_dimensions: Record<string, string>;
    readonly metrics_collected: Record<string, { readonly measurement: string[] }>;
  };
}
type Entry = Readonly<Record<string, unknown>>;

const read = (name: string): AgentConfig =>
  JSON.parse(memberConfig({}, realFiles()).cloudWatch[name]?.value ?? "{}") as AgentConfig;
const entries = (name: string, source: string) =>
  read(name).logs.logs_collected[source]?.collect_list ?? [];

describe("The CloudWatch agent's configurations", () => {
  it("are one for each platform, and name the groups that they write to", () => {
    const { cloudWatch } = memberConfig({}, realFiles());
    const groups = Object.entries(cloudWatch).map(([name, { logGroups }]) => [name, logGroups]);
    expect(Object.fromEntries(groups)).to.deep.equal({
      linux: ["/cf/ec2/linux/cloud-init", "/cf/ec2/linux/journal", "/cf/ec2/linux/ssm-agent"],
      windows: [
        "/cf/ec2/windows/application",
        "/cf/ec2/windows/security",
        "/cf/ec2/windows/ssm-agent",
        "/cf/ec2/windows/system",
      ],
    });
  });

  it("write into the groups of their stack's prefix", () => {
    const { cloudWatch } = memberConfig({ prefix: "own" }, realFiles());
    expect(cloudWatch["linux"]?.value).to.include('"log_group_name":"/own/ec2/linux/journal"');
    expect(cloudWatch["linux"]?.logGroups).to.include("/own/ec2/linux/journal");
  });

  it("fit into a standard parameter, which costs nothing", () => {
    const { cloudWatch } = memberConfig({}, realFiles());
    for (const { value } of Object.values(cloudWatch)) expect(value.length).to.be.below(4096);
  });

  it("let two entries of one group never share a stream", () => {
    for (const name of ["linux", "windows"]) {
      const all = Object.values(read(name).logs.logs_collected).flatMap(
        (source) => source.collect_list,
      );
      const streams = all.map(
        (source) => `${String(source["log_group_name"])} ${String(source["log_stream_name"])}`,
      );
      expect(new Set(streams).size, name).to.equal(all.length);
    }
  });

  it("read the journal of Amazon Linux 2023, which writes no /var/log/messages, as root", () => {
    expect(entries("linux", "journald")).to.deep.equal([
      { log_group_name: "/cf/ec2/linux/journal", log_stream_name: "{instance_id}" },
    ]);
    expect(read("linux").agent["run_as_user"]).to.equal("root");
  });

  it("read the event logs System, Application and Security of Windows", () => {
    const events = entries("windows", "windows_events");
    expect(events.map((event) => event["event_name"])).to.deep.equal([
      "System",
      "Application",
      "Security",
    ]);
  });

  it("measure processor, memory, disks and network of both platforms", () => {
    const measured = (name: string) => Object.keys(read(name).metrics.metrics_collected);
    expect(measured("linux")).to.deep.equal(["cpu", "mem", "swap", "disk", "net"]);
    expect(measured("windows")).to.deep.equal([
      "Processor",
      "Memory",
      "LogicalDisk",
      "Network Interface",
    ]);
  });

  it("have the instance of each metric, in the namespace that the hosts' role allows", () => {
    for (const name of ["linux", "windows"]) {
      const { namespace, append_dimensions } = read(name).metrics;
      expect(namespace).to.equal("CWAgent");
      expect(append_dimensions).to.deep.equal({ InstanceId: "${aws:InstanceId}" });
    }
  });
});
