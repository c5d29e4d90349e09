import { expect } from "chai";
import { logOf, settingsOf } from "../../../scenario/setup/settings.js";

const project = { name: "fleet", folder: "", main: "", defaults: {} };
const read = (config: Record<string, unknown>, name = "member") =>
  settingsOf(project, { name, file: "", config });

describe("settingsOf", () => {
  it("takes the project's own keys, and what nobody set", () => {
    const settings = read({ "fleet:vpc": "main", "other:vpc": "other", "fleet:account": "2" });
    expect(settings).to.include({ stack: "member", vpc: "main", account: "2", prefix: "cf" });
    expect(settings).to.deep.include({ hosts: {}, schedules: {}, packages: [], regions: [] });
  });

  it("leaves out what is no setting, which is the program's to refuse, and keeps the rest", () => {
    const settings = read({
      "fleet:hosts": { web: { platform: "linux" }, bad: { platform: "amiga" }, worse: 1 },
      "fleet:regions": ["eu-central-1", 7],
      "fleet:packages": [{ name: "tool", version: "1.0.0" }, { name: "half" }],
      "fleet:schedules": ["none"],
      "fleet:prefix": 5,
      "fleet:identityCenter": { accounts: "all" },
    });
    expect(Object.keys(settings.hosts)).to.deep.equal(["web"]);
    expect(settings.hosts["web"]).to.include({ enabled: true });
    expect(settings.regions).to.deep.equal(["eu-central-1"]);
    expect(settings.packages.map(({ name }) => name)).to.deep.equal(["tool"]);
    expect([settings.schedules, settings.prefix]).to.deep.equal([{}, "cf"]);
    expect(settings.identityCenter).to.deep.include({ accounts: [] });
  });
});

describe("logOf", () => {
  const logs = ["log-a", "log-b"].map((name) => read({ "fleet:role": "log" }, name));

  it("is the log stack that the member names, by the last part", () => {
    const member = read({ "fleet:role": "member", "fleet:logStack": "acme/fleet/log-b" });
    expect(logOf([member, ...logs], member)?.stack).to.equal("log-b");
  });

  it("is the first one where it names none, and nothing where there is none", () => {
    const member = read({ "fleet:role": "member" });
    expect(logOf([member, ...logs], member)?.stack).to.equal("log-a");
    expect(logOf([member], member)).to.equal(undefined);
  });
});
