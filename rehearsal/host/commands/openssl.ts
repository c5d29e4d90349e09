import type { Command, ExecResult } from "just-bash";
import { X509Certificate } from "node:crypto";
import type { CommandHost } from "./command.js";
import { command, fail, pathOf, succeed, notRehearsed } from "./command.js";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `openssl x509 -noout -in FILE` with what it shows of a certificate; other uses are not modelled. */
export function openssl(host: CommandHost): Command {
  return command("openssl", async (args, context) => {
    const [command, ...rest] = args;
    const no = () => notRehearsed(host, `openssl ${args.join(" ")}`.trim());
    if (command !== "x509" || !rest.includes("-noout")) return no();
    const wanted: string[] = [];
    let file: string | undefined;
    while (rest.length > 0) {
      const option = rest.shift();
      if (option === "-in") file = rest.shift();
      else if (option === "-nameopt" && rest.shift() === "RFC2253") continue;
      else if (option === "-noout") continue;
      else if (option === "-enddate" || option === "-startdate" || option === "-subject")
        wanted.push(option);
      else return no();
    }
    if (file === undefined) return no();
    const text = await context.fs.readFile(pathOf(context, file)).catch(() => undefined);
    if (text === undefined)
      return fail(`Can't open "${file}" for reading, No such file or directory`);
    return show(text, wanted, args.includes("-nameopt"), no);
  });
}

/** The first certificate of a file, as openssl reads it. */
function show(
  text: string,
  wanted: readonly string[],
  rfc2253: boolean,
  no: () => ExecResult,
): ExecResult {
  const [pem] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(text) ?? [];
  let read: X509Certificate;
  try {
    read = new X509Certificate(pem ?? "");
  } catch {
    return fail("Could not read certificate");
  }
  // Other name formats print the parts differently.
  if (wanted.includes("-subject") && !rfc2253) return no();
  const lines: Readonly<Record<string, string>> = {
    "-startdate": `notBefore=${dateOf(read.validFrom)}`,
    "-enddate": `notAfter=${dateOf(read.validTo)}`,
    // RFC 2253 has the parts from the last to the first.
    "-subject": `subject=${read.subject.split("\n").reverse().join(",")}`,
  };
  return succeed(wanted.map((field) => `${lines[field] ?? ""}\n`).join(""));
}

/** `Jan  5 08:00:00 2027 GMT`: Node already has this format; it is formatted again to be sure. */
function dateOf(text: string): string {
  const date = new Date(text);
  const [, time = ""] = /T(.*)\.\d+Z$/.exec(date.toISOString()) ?? [];
  const day = String(date.getUTCDate()).padStart(2);
  return `${MONTHS[date.getUTCMonth()] ?? ""} ${day} ${time} ${date.getUTCFullYear()} GMT`;
}
