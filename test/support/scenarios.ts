import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** The project with its stack files. */
export const PROJECT = resolve(__dirname, "..", "..");

const FOLDER = join(PROJECT, "scenarios");

/** The path of one of the project's scenarios. */
export const scenarioFile = (name: string): string => join(FOLDER, name);

/** They last for minutes: a test of its own plays the first in one partition, `npm run bench` the second. */
const STORMS = ["storm-1000.yaml", "storm-10000.yaml"];

/** The names of all scenarios that are played again and again. */
export const SCENARIOS = readdirSync(FOLDER).filter((file) => !STORMS.includes(file));
