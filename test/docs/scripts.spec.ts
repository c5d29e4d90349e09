import { expect } from "chai";
import { readLibrary } from "../../scripts/loader/library.js";
import { machine } from "../../rehearsal/test/host/support.js";
import { CERTIFICATES } from "../scripts/certificates.js";
import { page, tableRows } from "./pages.js";

const FILES = {
  "/etc/nginx/tls/web.crt": CERTIFICATES.soon,
  "/opt/app/old.pem": CERTIFICATES.expired,
};

describe("The page about the library of scripts", () => {
  const scripts = page("docs/scripts.md");
  const library = readLibrary("scripts");

  it("lists every script with its parameters", () => {
    expect(tableRows(scripts)).to.deep.equal(
      library.map(({ name, description, parameters }) => [
        `\`${name}\``,
        description,
        parameters
          .map(({ name: parameter, default: value }) => `\`${parameter}\` = \`${value ?? "?"}\``)
          .join(", "),
      ]),
    );
  });

  for (const { mark, text, line } of scripts.blocks) {
    const [, name, given = ""] = /^answer: (\S+) ?(.*)$/.exec(mark) ?? [];
    if (name === undefined) continue;
    it(`shows what ${name} ${given} prints (line ${line})`, async () => {
      const script = library.find((script) => script.name === name);
      const defaults = (script?.parameters ?? []).map(
        (parameter) => [`SSM_${parameter.name}`, parameter.default ?? ""] as const,
      );
      const expected = given === "" ? [] : [`SSM_${given}`.split("=")];
      const environment = Object.fromEntries([...defaults, ...expected]) as Record<string, string>;
      const ran = await machine(undefined, { files: FILES }).run(script?.linux?.text ?? "", {
        environment,
      });
      expect(ran.stdout).to.equal(text);
    });
  }

  it("shows an answer of each", () => {
    const shown = scripts.blocks.flatMap(({ mark }) => /^answer: (\S+)/.exec(mark)?.[1] ?? []);
    expect([...new Set(shown)]).to.deep.equal(library.map(({ name }) => name));
  });
});
