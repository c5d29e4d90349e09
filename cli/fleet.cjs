#!/usr/bin/env node
// The program is TypeScript and is run as it is, as the stacks are.
require("tsx/cjs");
require("./main.ts");
