// Makes docs/report.schema.json, the JSON Schema of what `npm run rehearse -- --json FILE` writes:
//
//   npm run docs:schema
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { z } from "zod";
import { reportSchema } from "../report/schema.js";

/** Where the schema is committed. */
export const REPORT_SCHEMA = join(__dirname, "..", "..", "docs", "report.schema.json");

/** The text of the schema, as Prettier writes it. */
export async function reportSchemaText(): Promise<string> {
  const schema = z.toJSONSchema(reportSchema, { target: "draft-2020-12" });
  const about = {
    title: "Report of a rehearsal",
    description: "What `npm run rehearse -- --json FILE` writes.",
  };
  return format(JSON.stringify({ ...about, ...schema }), { parser: "json", printWidth: 100 });
}

async function main(): Promise<void> {
  writeFileSync(REPORT_SCHEMA, await reportSchemaText());
}

if (require.main === module) void main();
