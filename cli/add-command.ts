import type { Command } from "commander";
import type { Session } from "./session.js";

/** Adds commands with their options and their actions to the one above them. */
export type AddCommand = (parent: Command, session: Session) => void;
