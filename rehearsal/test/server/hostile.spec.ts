import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { SignatureV4 } from "@smithy/signature-v4";
import { HttpRequest } from "@smithy/core/protocols";
import { Hash } from "@smithy/core/serde";
import { expect } from "chai";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { once } from "node:events";
import { MAX_OBJECT_BYTES, MAX_REQUEST_BYTES } from "../../server/body-size.js";
import type { Answered } from "../../server/request-dispatcher.js";
import type { ServedCloud } from "../../server/server.js";
import { serve } from "../../server/server.js";
import { MEMBER, REGION, TestCloud } from "../support/test-cloud.js";
import { broken, refused } from "./support.js";

class Sha256 extends Hash {
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    super("sha256", secret);
  }
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const AMAZON_JSON = { "content-type": "application/x-amz-json-1.1" };
const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** Names that every object has in JavaScript. */
const INHERITED = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"];

describe("a served cloud among strangers, over HTTP", () => {
  let testCloud: TestCloud;
  let served: ServedCloud;
  let answers: Answered[];
  let environment: Record<string, string>;
  let port: number;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    testCloud = new TestCloud();
    answers = [];
    served = await serve(testCloud.cloud, {
      clockSpeed: { perRequest: 1000 },
      patience: 1500,
      log: (answered) => answers.push(answered),
      broken,
    });
    environment = served.environment(MEMBER, REGION);
    port = Number(new URL(served.endpoint).port);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await served.close();
  });

  /** Everything that the server says to these bytes. `more` may go on talking. */
  async function raw(text: string, more?: (socket: Socket) => void): Promise<string> {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    let answer = "";
    socket.on("data", (data) => (answer += data.toString("latin1")));
    socket.on("error", () => undefined);
    await once(socket, "connect");
    socket.write(text);
    more?.(socket);
    await once(socket, "close");
    return answer;
  }

  /** The lines of a signed request, up to its body. */
  async function signed(service: string, sent: Sent, secret?: string): Promise<string> {
    const { method = "POST", path = "/", query = {}, headers = {}, body = "" } = sent;
    const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = environment;
    const credentials = {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: secret ?? AWS_SECRET_ACCESS_KEY,
    };
    const signer = new SignatureV4({
      ...{ service, region: REGION, sha256: Sha256, credentials },
      uriEscapePath: service !== "s3",
      applyChecksum: service === "s3",
    });
    const host = `127.0.0.1:${port}`;
    const request = new HttpRequest({
      ...{ method, path, query, body },
      headers: { host, ...headers },
    });
    const { headers: all } = await signer.sign(request);
    const search = new URLSearchParams(query).toString();
    const lines = Object.entries({ "content-length": String(body.length), ...all }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const target = search === "" ? path : `${path}?${search}`;
    return [`${method} ${target} HTTP/1.1`, "connection: close", ...lines, "", ""].join("\r\n");
  }

  const ask = async (service: string, sent: Sent) =>
    raw((await signed(service, sent)) + (sent.body ?? ""));
  const ssm = (operation: string, body: string) =>
    ask("ssm", { headers: { ...AMAZON_JSON, "x-amz-target": `AmazonSSM.${operation}` }, body });

  const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
  const codeOf = (answer: string) =>
    /"__type":"(\w+)"/.exec(answer)?.[1] ??
    /<Code>(\w+)<\/Code>/.exec(answer)?.[1] ??
    /x-amzn-errortype: (\w+)/.exec(answer)?.[1];
  const toldOf = (answer: string) => [statusOf(answer), codeOf(answer)];

  /** It still answers, and nothing of it is broken. */
  async function expectWell(): Promise<void> {
    expect(answers.filter(({ error }) => error?.code === "InternalFailure")).to.deep.equal([]);
    expect(toldOf(await ssm("DescribeInstanceInformation", "{}"))).to.deep.equal([200, undefined]);
  }

  it("goes on when an upload is broken off, before and in its body", async () => {
    const upload = { method: "PUT", path: "/a/b", headers: { "content-length": "1000000" } };
    await raw(await signed("s3", upload), (socket) => socket.destroy());
    await raw(`${await signed("s3", upload)}some`, (socket) => {
      setTimeout(() => socket.destroy(), 50);
    });
    const cut = await raw(`${await signed("s3", upload)}some`, (socket) => socket.end());
    expect(toldOf(cut)).to.deep.equal([400, "IncompleteBody"]);
    await expectWell();
  });

  it("knows no operation of another service's name, or of none", async () => {
    for (const target of ["AmazonSQS", "amazonssm", "AmazonSSM.x", ""]) {
      const headers = { ...AMAZON_JSON, "x-amz-target": `${target}.DescribeInstanceInformation` };
      const answer = await ask("ssm", { headers, body: "{}" });
      expect(toldOf(answer), target).to.deep.equal([400, "UnknownOperationException"]);
    }
    const bare = { ...AMAZON_JSON, "x-amz-target": "DescribeInstanceInformation" };
    const answer = await ask("ssm", { headers: bare, body: "{}" });
    expect(toldOf(answer)).to.deep.equal([400, "UnknownOperationException"]);
    await expectWell();
  });

  it("refuses an unknown key, a missing one and a wrong signature without a byte of the body", async () => {
    const long = { "content-length": String(MAX_OBJECT_BYTES) };
    const json = { ...AMAZON_JSON, "x-amz-target": "AmazonSSM.GetParameter", ...long };
    const response = await signed("ssm", { headers: json });
    const upload = { method: "PUT", path: "/a/b", headers: long };
    const heads: [string, number, string][] = [
      [response.replace("AKIALOCL2", "AKIALOCL7"), 400, "UnrecognizedClientException"],
      [response.replace(/authorization: .*\r\n/, ""), 400, "MissingAuthenticationTokenException"],
      [response.replace("SignedHeaders=", "Signed="), 400, "IncompleteSignatureException"],
      [response, 413, "RequestEntityTooLargeException"],
      // S3's clients sign a hash, and their signature is checked before the body has come.
      [await signed("s3", upload, "guessed"), 403, "SignatureDoesNotMatch"],
    ];
    for (const [head, status, code] of heads)
      expect(toldOf(await raw(head))).to.deep.equal([status, code]);
    await expectWell();
  });

  it("asks for the body of who waits for that, once the rest is right", async () => {
    const upload = { method: "PUT", path: "/a/b", headers: { expect: "100-continue" }, body: "x" };
    const right = await raw(await signed("s3", upload), (socket) => {
      socket.once("data", () => socket.write("x"));
    });
    expect(right).to.match(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 404 /);
    expect(codeOf(right)).to.equal("NoSuchBucket");
    const wrong = await raw(await signed("s3", upload, "guessed"));
    expect(toldOf(wrong)).to.deep.equal([403, "SignatureDoesNotMatch"]);
  });

  it("reads no more of a body than a valid one can have, however it comes", async () => {
    const json = { ...AMAZON_JSON, "x-amz-target": "AmazonSSM.GetParameter" };
    const head = (await signed("ssm", { headers: json })).replace(
      /content-length: .*\r\n/,
      "transfer-encoding: chunked\r\n",
    );
    const part = Buffer.alloc(2 ** 20, "x").toString();
    const answer = await raw(head, (socket) => {
      for (let sent = 0; sent <= MAX_REQUEST_BYTES; sent += part.length)
        socket.write(`${part.length.toString(16)}\r\n${part}\r\n`);
    });
    expect(toldOf(answer)).to.deep.equal([413, "RequestEntityTooLargeException"]);
    const upload = { method: "PUT", path: "/a/b" };
    const large = { ...upload, headers: { "content-length": String(MAX_OBJECT_BYTES + 1) } };
    const notRehearsed = await raw(await signed("s3", large));
    expect(toldOf(notRehearsed)).to.deep.equal([501, "NotImplemented"]);
    expect(notRehearsed).to.include("not rehearsed: s3 uploads of more than 64 MiB");
    const huge = { ...upload, headers: { "content-length": String(6 * 2 ** 30) } };
    expect(toldOf(await raw(await signed("s3", huge)))).to.deep.equal([400, "EntityTooLarge"]);
    await expectWell();
  });

  it("holds the body to the hash that was signed", async () => {
    const head = await signed("s3", { method: "PUT", path: "/a/b", body: "right" });
    const changed = await raw(`${head}wrong`);
    expect(toldOf(changed)).to.deep.equal([400, "XAmzContentSHA256Mismatch"]);
  });

  it("answers only who names this machine and its port", async () => {
    const right = await signed("ssm", {
      headers: { ...AMAZON_JSON, "x-amz-target": "AmazonSSM.DescribeInstanceInformation" },
      body: "{}",
    });
    const named = (host: string) => raw(`${right.replace(/host: .*\r\n/, host)}{}`);
    for (const host of [
      "host: evil.example:PORT\r\n",
      "host: 127.0.0.1\r\n",
      "host: 127.0.0.1:1\r\n",
      "host: localhost.evil.example:PORT\r\n",
      "host: 127.0.0.1.evil.example:PORT\r\n",
      "",
    ]) {
      const answer = await named(host.replace("PORT", String(port)));
      expect(toldOf(answer), host).to.deep.equal([403, "AccessDeniedException"]);
      expect(answer).to.include(`expected 127.0.0.1:${port} or localhost:${port}`);
    }
    expect(testCloud.cloud.calls).to.deep.equal([]);
    // Who is named is signed, too.
    for (const host of [`localhost:${port}`, `bucket.localhost:${port}`])
      expect(codeOf(await named(`host: ${host}\r\n`))).to.equal("InvalidSignatureException");
    expect(statusOf(await named(`host: 127.0.0.1:${port}\r\n`))).to.equal(200);
    expect(
      statusOf(
        await raw(
          `GET http://evil.example/ HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`,
        ),
      ),
    ).to.equal(400);
  });

  it("has another secret at each start, which nobody can guess", async () => {
    const again = await serve(new TestCloud().cloud, { clockSpeed: { perRequest: 1000 }, broken });
    const { AWS_SECRET_ACCESS_KEY: other = "" } = again.environment(MEMBER, REGION);
    await again.close();
    const { AWS_SECRET_ACCESS_KEY: secret = "", AWS_ACCESS_KEY_ID = "" } = environment;
    expect(secret).to.match(/^[\w-]{40}$/);
    expect(other)
      .to.match(/^[\w-]{40}$/)
      .and.not.equal(secret);
    for (const guessed of ["local", other, ""]) {
      const client = new SSMClient({
        endpoint: served.endpoint,
        region: REGION,
        maxAttempts: 1,
        credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: guessed },
      });
      const refusal = await refused(client.send(new GetParameterCommand({ Name: "/a" })));
      expect(refusal.name).to.match(/^(InvalidSignatureException|Error|CredentialsProviderError)$/);
    }
    expect(testCloud.cloud.calls).to.deep.equal([]);
  });

  it("knows no operation, service, path or header by a name that every object has", async () => {
    for (const name of INHERITED) {
      expect(toldOf(await ssm(name, "{}"))).to.deep.equal([400, "UnknownOperationException"]);
      for (const service of ["ec2", "sts", "sns"]) {
        const query = await ask(service, { headers: FORM, body: `Action=${name}&Version=1` });
        expect(toldOf(query)).to.deep.equal([400, "InvalidAction"]);
      }
      expect(toldOf(await ask("resource-groups", { path: `/${name}` }))).to.deep.equal([
        404,
        "UnknownOperationException",
      ]);
      expect(toldOf(await ask("s3", { method: "GET", path: `/${name}/${name}` }))).to.deep.equal([
        404,
        "NoSuchBucket",
      ]);
      expect(codeOf(await ask(name, { headers: AMAZON_JSON }))).to.equal(
        "UnknownOperationException",
      );
      const json = `{"${name}": {"a": 1}, "Name": "/${name}"}`;
      expect(toldOf(await ssm("GetParameter", json))).to.deep.equal([400, "ParameterNotFound"]);
      const head = await signed("ssm", {
        headers: { ...AMAZON_JSON, "x-amz-target": "AmazonSSM.GetParameter", [name]: "x" },
      });
      const unsigned = head.replace(new RegExp(`${name}: x\r\n`, "i"), "");
      expect(codeOf(await raw(unsigned)), name).to.equal("InvalidSignatureException");
    }
    await expectWell();
  });

  it("knows no filter, parameter or principal by such a name either", async () => {
    const toOrganizations = (operation: string, body: string) =>
      ask("organizations", {
        headers: { ...AMAZON_JSON, "x-amz-target": `AWSOrganizationsV20161128.${operation}` },
        body,
      });
    for (const name of INHERITED) {
      const commands = JSON.stringify({ Filters: [{ key: name, value: "x" }] });
      expect(toldOf(await ssm("ListCommands", commands))).to.deep.equal([400, "InvalidFilterKey"]);
      const executions = JSON.stringify({ Filters: [{ Key: name, Values: ["x"] }] });
      await ssm("DescribeAutomationExecutions", executions);
      const send = `{"DocumentName": "AWS-RunShellScript", "InstanceIds": ["i-0123456789abcdef0"],
        "Parameters": {"commands": ["true"], "${name}": ["x"]}}`;
      expect(statusOf(await ssm("SendCommand", send))).to.equal(400);
      const principal = JSON.stringify({ ServicePrincipal: name });
      await toOrganizations("ListDelegatedAdministrators", principal);
    }
    await expectWell();
  });

  it("reports what is wrong with a request that cannot be read, as AWS does", async () => {
    const json = [
      ["", 400, "ValidationException"],
      ["{", 400, "SerializationException"],
      ["[]", 400, "SerializationException"],
      ["null", 400, "SerializationException"],
      ["\u0000", 400, "SerializationException"],
      ['{"Name": {}}', 400, "SerializationException"],
      ["[".repeat(1_000_000), 400, "SerializationException"],
    ] as const;
    for (const [body, status, code] of json)
      expect(toldOf(await ssm("GetParameter", body)), body.slice(0, 20)).to.deep.equal([
        status,
        code,
      ]);
    const forms = [
      ["ec2", "Action=DescribeInstances&Filter.1.Name", 200],
      ["ec2", "%%%=&&&==", 400],
      ["sts", `Action=AssumeRole${".a".repeat(100_000)}=1`, 400],
      ["sts", "Action=AssumeRole&RoleArn=%00&RoleSessionName=%01&DurationSeconds=x", 400],
    ] as const;
    for (const [service, body, status] of forms)
      expect(statusOf(await ask(service, { headers: FORM, body })), body.slice(0, 60)).to.equal(
        status,
      );
    const s3 = [
      [{ method: "GET", path: "/%zz/a" }, 400, "InvalidURI"],
      [{ method: "GET", path: "/a/%e0%a4%a" }, 400, "InvalidURI"],
      [{ method: "POST", path: "/a", query: { delete: "" }, body: "<Delete" }, 400, "MalformedXML"],
      [{ method: "POST", path: "/a", query: { delete: "" }, body: "nothing" }, 400, "MalformedXML"],
    ] as const;
    for (const [sent, status, code] of s3)
      expect(toldOf(await ask("s3", sent)), JSON.stringify(sent)).to.deep.equal([status, code]);
    await expectWell();
  });

  it("takes chunks of S3's kind only as they must be", async () => {
    const headers = { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };
    const put = (body: string, length: number) =>
      ask("s3", {
        method: "PUT",
        path: "/a/b",
        headers: { ...headers, "x-amz-decoded-content-length": String(length) },
        body,
      });
    for (const [body, length] of [
      ["5\r\nhello\r\n0\r\n\r\n", 6],
      ["-5\r\nhello\r\n0\r\n\r\n", 5],
      ["5 \r\nhello\r\n0\r\n\r\n", 5],
      ["ffffffff\r\nhello\r\n0\r\n\r\n", 5],
      ["4\r\nhello\r\n0\r\n\r\n", 5],
      ["hello", 5],
      ["", 5],
    ] as const)
      expect(toldOf(await put(body, length)), body).to.deep.equal([400, "IncompleteBody"]);
    expect(codeOf(await put("5\r\nhello\r\n0\r\n\r\n", 5))).to.equal("NoSuchBucket");
    await expectWell();
  });

  it("answers what is not HTTP, headers without an end, and who does not come to one", async () => {
    const long = `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${"x".repeat(100_000)}\r\n\r\n`;
    const cases: [string, string][] = [
      ["nonsense\r\n\r\n", "BadRequest"],
      ["GET / HTTP/1.1\r\nhost: x\r\ncontent-length: y\r\n\r\n", "BadRequest"],
      [long, "RequestHeaderSectionTooLarge"],
      ["GET / HTTP/1.1\r\nhost: x\r\n", "RequestTimeout"],
      [await signed("s3", { method: "PUT", headers: { "content-length": "9" } }), "RequestTimeout"],
    ];
    for (const [text, code] of cases)
      expect(toldOf(await raw(text)), text.slice(0, 60)).to.deep.equal([400, code]);
    await expectWell();
  });
});
