import { createHash } from "node:crypto";
import { AwsError, messageOf, NotRehearsed } from "../../kernel/errors.js";
import { LATENCY } from "../../kernel/latency.js";
import { unzip } from "./archive.js";
import type { Manifest } from "./package-manifest.js";
import { findFile, parseManifest } from "./package-manifest.js";
import type { AgentPort } from "./plugin.js";

interface DescribedDocument {
  readonly Document: {
    readonly Name: string;
    readonly Status: string;
    readonly DocumentVersion: string;
    readonly Hash: string;
  };
}

interface GivenDocument {
  readonly Name: string;
  readonly Status: string;
  readonly Content: string;
  readonly DocumentVersion: string;
  readonly AttachmentsContent?: readonly {
    readonly Name: string;
    readonly Url: string;
    readonly Hash?: string;
  }[];
}

/** A package as the agent found it at AWS. */
export interface FoundPackage {
  /** Own document: its name. Shared: its ARN. */
  readonly arn: string;
  readonly documentVersion: string;
  readonly manifest: Manifest;
  /** The same manifest was there before: nothing about the package changed. */
  readonly isSameAsCache: boolean;
  readonly attachments: NonNullable<GivenDocument["AttachmentsContent"]>;
}

/** Seconds: the agent waits a random time below this before it asks for a document. Source: documentarchive.go. */
const MAXIMUM_DELAY = 15;

/** Source: agent's configurepackage.go. */
const DOCUMENT_ARN =
  /^arn:[a-z0-9][-.a-z0-9]{0,62}:[a-z0-9][-.a-z0-9]{0,62}:([a-z0-9][-.a-z0-9]{0,62})?:([a-z0-9][-.a-z0-9]{0,62})?:document\/[a-zA-Z0-9/:.\-_]{1,128}$/;
const PUBLISHED_VERSION = /^[A-Za-z0-9.]+$/;

/**
 * Whether the package is one that AWS publishes: an ARN of a document never is; for a plain name the agent asks first
 * whether AWS has such a package. @throws Error where that call is refused.
 */
export async function isOfAws(agent: AgentPort, name: string, version: string): Promise<boolean> {
  if (DOCUMENT_ARN.test(name) || (version !== "" && !PUBLISHED_VERSION.test(version))) return false;
  try {
    await agent.call("ssm", "GetManifest", {
      PackageName: name,
      PackageVersion: version === "" ? "latest" : version,
    });
  } catch (error) {
    if (error instanceof AwsError && error.code === "ResourceNotFoundException") return false;
    if (error instanceof NotRehearsed) throw new Error(error.message, { cause: error });
    throw new Error(`Error returned for GetManifest - ${apiMessage(error)}.`, { cause: error });
  }
  return true;
}

/** Finds the package's document and reads its manifest. @throws Error in the agent's words. */
export async function findPackage(
  agent: AgentPort,
  name: string,
  version: string,
): Promise<FoundPackage> {
  const wanted = { Name: name, ...(version !== "" && { VersionName: version }) };
  await agent.sleep(agent.random(`package ${name}`, MAXIMUM_DELAY) * 1000);
  const described = await ask<DescribedDocument>(
    agent,
    "DescribeDocument",
    wanted,
    "failed to retrieve package document description",
  );
  checkActive(described.Document.Status);
  // The agent compares a binary digest with a hexadecimal one here, so it never takes the cached manifest.
  const given = await ask<GivenDocument>(
    agent,
    "GetDocument",
    wanted,
    "failed to retrieve package document",
  );
  checkActive(given.Status);
  const manifest = parseManifest(given.Content);
  const isSameAsCache = agent.host.repository.remember(
    given.Name,
    given.DocumentVersion,
    given.Content,
  );
  return {
    arn: given.Name,
    documentVersion: given.DocumentVersion,
    manifest,
    isSameAsCache,
    attachments: given.AttachmentsContent ?? [],
  };
}

async function ask<Output>(
  agent: AgentPort,
  operation: string,
  input: object,
  failure: string,
): Promise<Output> {
  try {
    return await agent.call<Output>("ssm", operation, input);
  } catch (error) {
    throw new Error(`failed to download manifest - ${failure}: ${apiMessage(error)}`, {
      cause: error,
    });
  }
}

/** An API error as the AWS SDK for Go prints it. */
export function apiMessage(error: unknown): string {
  return error instanceof AwsError ? `${error.code}: ${error.message}` : messageOf(error);
}

function checkActive(status: string): void {
  if (status === "Active") return;
  throw new Error(
    `package document is not currently active, kindly retry when the status is active. Current document status - ${status}`,
  );
}

/** Downloads the file for this host, checks it against the manifest and unpacks it. @throws Error in the agent's words. */
export async function fetchPackage(
  agent: AgentPort,
  found: FoundPackage,
  version: string,
): Promise<void> {
  const { host } = agent;
  const architecture = host.instance.os.architecture;
  const file = findFile(found.manifest, await host.platform(), architecture);
  const bytes = await downloadTwice(agent, found, file);
  await host.repository.unpack(found.arn, version, unpackable(file, bytes));
  host.repository.setState(found.arn, version, "New");
}

function unpackable(file: string, bytes: Uint8Array) {
  try {
    return unzip(bytes);
  } catch (error) {
    throw new Error(`failed to extract package installer package ${file}, ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** The agent tries a download a second time before it gives up. Source: birdwatcherservice.go, downloadFile. */
async function downloadTwice(
  agent: AgentPort,
  found: FoundPackage,
  file: string,
): Promise<Uint8Array> {
  const url = found.attachments.find(({ Name }) => Name === file)?.Url;
  if (url === undefined) throw new Error("Install attachments for package does not exist");
  const expected = Object.entries(found.manifest.files[file]?.checksums ?? {}).find(
    ([algorithm]) => algorithm.toLowerCase() === "sha256",
  )?.[1];
  let failure = "";
  for (let attempt = 1; attempt <= 2; attempt++) {
    await agent.sleep(LATENCY.packageDownload);
    const bytes = agent.download(url);
    const digest = bytes === undefined ? "" : createHash("sha256").update(bytes).digest("hex");
    if (bytes === undefined) failure = "http request failed. status:404 Not Found statuscode:404";
    else if (expected === undefined)
      failure = "no supported algorithm was provided for downloadinput";
    else if (digest === expected.toLowerCase()) {
      agent.report(
        "info",
        `downloaded ${file} (${bytes.length} bytes), its checksum is the manifest's`,
      );
      return bytes;
    } else {
      failure = `failed to verify hash of downloadinput: checksum of ${file} did not match: the manifest says ${expected}, the file has ${digest}`;
    }
    agent.report("warning", `download ${attempt} of ${file}: ${failure}`);
  }
  throw new Error(`failed to download installation package reliably, ${url}, ${failure}`);
}
