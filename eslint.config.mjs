import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { guards } from "./eslint.guards.mjs";

const typescript = ["**/*.ts", "**/*.mts"];
const program = ["index.ts", "stacks/**/*.ts", "components/**/*.ts"];

/** Turns guards on; each is an error, because a warning is nobody's. */
const guard = (...names) => Object.fromEntries(names.map((name) => [`fleet/${name}`, "error"]));

/** What stands above everything that only the program's parts share. */
const above = ["rehearsal", "cli", "index", "stacks"];
const documents = ["runbooks", "scripts", "queries", "cloudwatch"];
/** What is behind `stacks/config.ts`, its only door. */
const inConfig = "stacks/config/";
const tests = ["test", "rehearsal/test", "cli/test"];

/** The folders of the rehearsal, and which of them each may import. */
const rehearsal = {
  kernel: [],
  runbook: ["kernel"],
  host: ["kernel"],
  cloud: ["kernel", "runbook", "host"],
  program: ["kernel", "cloud"],
  provider: ["kernel", "cloud", "program"],
  server: ["kernel", "cloud"],
  scenario: ["kernel", "cloud", "runbook", "host", "program"],
  report: ["kernel", "cloud", "runbook", "program", "scenario", "server"],
  tools: ["kernel", "cloud", "report", "server"],
};
const commands = ["main", "rehearse", "serve"];
/** What nothing of the rehearsal may import, and what a folder of it may not import beside that. */
const outside = ["cli", "index", "stacks", "components"];
const others = (folder) =>
  [...Object.keys(rehearsal), ...commands]
    .filter((name) => name !== folder && !rehearsal[folder].includes(name))
    .map((name) => `rehearsal/${name}`);
/** Only the composition root knows all services. */
const composition = ["rehearsal/cloud/cloud", "rehearsal/cloud/wiring"];

/** The files may not import from these folders, and from no test. */
const imports = (files, ...forbidden) => ({
  files,
  ignores: tests.map((folder) => `${folder}/**`),
  rules: { "fleet/one-way": ["error", [...forbidden, ...tests]] },
});

export default defineConfig(
  globalIgnores([".build/", "coverage/", "rehearsal/data/", "rehearsal/test/vectors/"]),
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { fleet: guards },
    rules: {
      ...guard("no-bulk-disable", "no-dry-run"),
      // A printed Output shows its secret; what people read is made by cli/ and rehearsal/report/.
      "no-console": "error",
    },
  },
  js.configs.recommended,
  {
    files: typescript,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      ...guard("module-extension", "type-import"),
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "separate-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-base-to-string": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowAny: false, allowNullish: false, allowRegExp: false },
      ],
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-expect-error": true }],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ["**/*.{js,cjs,mjs}"],
    languageOptions: {
      globals: { __dirname: false, module: true, process: false, require: false, URL: false },
    },
  },

  // The program.
  {
    files: [...program, "examples/**/*.ts"],
    rules: guard(
      "no-resource-in-apply",
      "no-output-as-value",
      "register-outputs",
      "namespace-import",
      "invoke-parent",
      "no-args-to-super",
    ),
  },
  {
    files: ["components/**/*.ts"],
    rules: guard("parent", "child-name", "no-ambient-input"),
  },
  { files: program, ignores: ["stacks/config.ts"], rules: guard("config-in-one-place") },
  { files: program, ignores: ["stacks/account.ts"], rules: guard("provider-in-one-place") },

  // Dependencies point one way.
  imports(["index.ts"], "rehearsal", "cli", inConfig),
  imports(["stacks/config.ts", "stacks/config/**/*.ts"], "rehearsal", "cli", "index"),
  imports(
    ["stacks/!(config).ts", "stacks/!(config)/**/*.ts"],
    "rehearsal",
    "cli",
    "index",
    inConfig,
  ),
  imports(["components/**/*.ts"], "rehearsal", "cli", "index", "stacks"),
  imports(["packing/**/*.ts"], ...above, "components"),
  imports(["runbooks/**/*.ts"], ...above, "components", "packing"),
  imports(["scripts/**/*.ts"], ...above, "components", "packing", "runbooks"),
  imports(["queries/**/*.ts"], ...above, "components", "packing", "runbooks"),
  imports(["cloudwatch/**/*.ts"], ...above, "components", "packing", "runbooks"),
  imports(["lib/**/*.ts"], ...above, ...documents, "components", "packing"),
  imports(["examples/**/*.ts"], "rehearsal", "cli", "index", "stacks"),
  imports(["rehearsal/*.ts"], ...outside),
  ...Object.keys(rehearsal).map((folder) =>
    imports([`rehearsal/${folder}/**/*.ts`], ...outside, ...others(folder)),
  ),
  imports(["rehearsal/cloud/services/**/*.ts"], ...outside, ...others("cloud"), ...composition),
  imports(
    ["rehearsal/cloud/iam/**/*.ts"],
    ...[...outside, ...others("cloud"), ...composition, "rehearsal/cloud/services"],
  ),
  imports(["cli/**/*.ts"], "rehearsal", "index", inConfig),

  // The rehearsal.
  {
    files: ["rehearsal/{kernel,cloud,runbook,host}/**/*.ts"],
    rules: guard("virtual-time"),
  },
  // Those who print for people.
  {
    files: ["cli/**/*.ts", "rehearsal/report/**/*.ts"],
    rules: { "no-console": "off" },
  },

  // Tests.
  {
    files: tests.map((folder) => `${folder}/**/*.ts`),
    rules: {
      ...guard("no-assert-in-apply", "no-only"),
      // chai asserts by reading a property: expect(x).to.be.true
      "@typescript-eslint/no-unused-expressions": "off",
      // Tests of types say what must not compile, and why.
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-expect-error": "allow-with-description" },
      ],
    },
  },
);
