import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** The project with its stack files. */
export const PROJECT = resolve(__dirname, "..", "..");

const FOLDER = join(PROJECT, "scenarios");

/** The path of one of the project's scenarios. */
export const scenarioFile = (name: string): string => join(FOLDER, name);

/** They last for minutes: tests of their own play all but the second in one partition, `npm run bench` that one. */
const STORMS = ["storm-1000.yaml", "storm-10000.yaml", "run-many-accounts.yaml"];

/** The names of all scenarios that are played again and again; beside them is what one of them needs. */
export const SCENARIOS = readdirSync(FOLDER).filter(
  (file) => file.endsWith(".yaml") && !STORMS.includes(file),
);
