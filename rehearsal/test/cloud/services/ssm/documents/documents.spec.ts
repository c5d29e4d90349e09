import { expect } from "chai";
import type { RoleSession } from "../../../../../kernel/principal.js";
import type { Properties } from "../../../../../kernel/resource.js";
import { linuxPackage, sha256 } from "../../../../host/support.js";
import { packageInputs } from "../../../../support/packages.js";
import { BUCKET, LOG, MEMBER, OTHER, REGION, TestCloud } from "../../../../support/test-cloud.js";
import { refusal } from "../../../refusal.js";

const COMMAND = {
  schemaVersion: "2.2",
  description: "Says something.",
  parameters: { text: { type: "String", description: "What.", default: "hello" } },
  mainSteps: [
    { action: "aws:runShellScript", name: "say", inputs: { runCommand: ["echo {{ text }}"] } },
  ],
};

const command = (changes: object = {}): Properties => ({
  name: "cf-say",
  documentType: "Command",
  content: JSON.stringify({ ...COMMAND, ...changes }),
});

const automation = (steps: readonly object[]) =>
  JSON.stringify({ schemaVersion: "0.3", mainSteps: steps });

const arnOf = (name: string) => `arn:aws:ssm:${REGION}:${LOG}:document/${name}`;
const PACKAGE = "cf-package-tool";
const scripts = { "install.sh": "true", "uninstall.sh": "true" };

interface Described {
  readonly Document: Readonly<Record<string, unknown>>;
}

interface Given {
  readonly Name: string;
  readonly Content: string;
  readonly DocumentVersion: string;
  readonly AttachmentsContent: readonly { readonly Url: string; readonly Hash: string }[];
}

describe("SsmDocuments", () => {
  let testCloud: TestCloud;
  beforeEach(async () => {
    testCloud = new TestCloud();
    await testCloud.bucket();
  });
  const update = async (name: string, inputs: Properties, olds: Properties) =>
    testCloud.deployer(LOG).update(
      {
        type: "aws:ssm/document:Document",
        name: "test",
        region: REGION,
        id: name,
        inputs: olds,
        state: {},
      },
      inputs,
    );
  const remove = (id: string) =>
    testCloud
      .deployer(LOG)
      .delete({ type: "aws:ssm/document:Document", name: "test", region: REGION, id });

  describe("the Pulumi resource", () => {
    it("gives the outputs that the provider reads", async () => {
      const inputs = command();
      const { id, state } = await testCloud.document(inputs);
      expect(id).to.equal("cf-say");
      expect(state).to.deep.equal({
        ...inputs,
        arn: arnOf("cf-say"),
        createdDate: "2026-01-05T08:00:00Z",
        defaultVersion: "1",
        description: "Says something.",
        documentVersion: "1",
        hash: sha256(JSON.stringify(COMMAND)),
        hashType: "Sha256",
        latestVersion: "1",
        owner: LOG,
        parameters: [{ name: "text", type: "String", description: "What.", defaultValue: "hello" }],
        platformTypes: ["Linux", "MacOS"],
        schemaVersion: "2.2",
        status: "Active",
      });
    });

    const refusals: readonly (readonly [fact: string, inputs: Properties, words: string])[] = [
      ["a name of 2 characters", { ...command(), name: "ab" }, "ValidationException"],
      ["a name with a slash", { ...command(), name: "a/b/c" }, "ValidationException"],
      ["a name of 129 characters", { ...command(), name: "a".repeat(129) }, "ValidationException"],
      [
        "a name that begins like AWS's own",
        { ...command(), name: "AWS-RunIt" },
        "reserved for AWS",
      ],
      ["an unknown type", { ...command(), documentType: "Script" }, "enum value set"],
      ["a version name of 2 characters", { ...command(), versionName: "v1" }, "3-128"],
      [
        "a content over 64 KB",
        command({ description: "x".repeat(65_536) }),
        "MaxDocumentSizeExceeded",
      ],
      [
        "a content that is no JSON",
        { ...command(), content: "{" },
        "InvalidDocumentContent: JSON not well-formed",
      ],
      [
        "a content that is no YAML",
        { ...command(), content: "a: [", documentFormat: "YAML" },
        "YAML not well-formed",
      ],
      [
        "another schema",
        command({ schemaVersion: "0.3" }),
        'schemaVersion: expected 2.2 of a Command document, got "0.3"',
      ],
      ["no steps", command({ mainSteps: [] }), "mainSteps: expected at least one step"],
      [
        "an unknown plugin",
        command({ mainSteps: [{ action: "aws:run", name: "a" }] }),
        'no plugin of Command documents is called "aws:run"',
      ],
      [
        "a reference to nothing",
        command({ parameters: {} }),
        "{{ text }} is not a declared parameter",
      ],
      [
        "a parameter of another type",
        command({ parameters: { text: { type: "Boolean" } } }),
        "expected String or StringList",
      ],
      [
        "an automation that AWS would refuse",
        {
          name: "cf-run",
          documentType: "Automation",
          content: automation([{ name: "a", action: "aws:nothing" }]),
        },
        "InvalidDocumentContent",
      ],
      [
        "a permission of another type",
        { ...command(), permissions: { type: "Lend", account_ids: MEMBER } },
        'only Share "type" supported',
      ],
      [
        "a permission without accounts",
        { ...command(), permissions: { type: "Share" } },
        '"account_ids" must be defined',
      ],
      [
        "an account of 11 digits",
        { ...command(), permissions: { type: "Share", account_ids: "22222222222" } },
        "ValidationException",
      ],
      [
        "more than 1,000 accounts",
        {
          ...command(),
          permissions: {
            type: "Share",
            account_ids: Array.from({ length: 1001 }, (_, n) => String(100_000_000_000 + n)).join(
              ",",
            ),
          },
        },
        "DocumentPermissionLimit",
      ],
    ];
    for (const [fact, inputs, words] of refusals) {
      it(`refuses ${fact}`, async () =>
        expect(await refusal(testCloud.document(inputs))).to.include(words));
    }

    it("refuses a name that is taken", async () => {
      await testCloud.document(command());
      expect(await refusal(testCloud.document(command()))).to.include("DocumentAlreadyExists");
      // In another account it is free.
      await testCloud.create("aws:ssm/document:Document", "test", command());
    });

    it("takes Automation, Session and YAML documents", async () => {
      const step = { name: "wait", action: "aws:sleep", inputs: { Duration: "PT1S" } };
      await testCloud.document({
        name: "cf-run",
        documentType: "Automation",
        content: automation([step]),
      });
      await testCloud.document({
        name: "cf-session",
        documentType: "Session",
        content: '{"schemaVersion":"1.0"}',
      });
      const yaml =
        "schemaVersion: '2.2'\nmainSteps:\n  - action: aws:runShellScript\n    name: a\n    inputs: { runCommand: [ls] }\n";
      const { state } = await testCloud.document({
        name: "cf-yaml",
        documentType: "Command",
        documentFormat: "YAML",
        content: yaml,
      });
      expect(state["hash"]).to.equal(sha256(yaml));
    });

    it("makes a new version of a new content, which becomes the default", async () => {
      const first = { ...command(), versionName: "1.0.0" };
      await testCloud.document(first);
      const second = { ...command({ description: "Says more." }), versionName: "1.1.0" };
      const { state } = await update("cf-say", second, first);
      expect(state).to.include({ documentVersion: "2", defaultVersion: "2", latestVersion: "2" });
      const old = await testCloud.call<Given>(
        "ssm",
        "GetDocument",
        { Name: "cf-say", VersionName: "1.0.0" },
        testCloud.operator(LOG),
      );
      expect(JSON.parse(old.Content)).to.deep.equal(COMMAND);
    });

    it("refuses a new content under an old version name", async () => {
      const first = { ...command(), versionName: "1.0.0" };
      await testCloud.document(first);
      const changed = { ...command({ description: "Other." }), versionName: "1.0.0" };
      expect(await refusal(update("cf-say", changed, first))).to.include(
        "DuplicateDocumentVersionName",
      );
    });

    it("takes an unchanged content for done, whatever else changes, as the provider does", async () => {
      const first = { ...command(), versionName: "1.0.0" };
      await testCloud.document(first);
      const { state } = await update("cf-say", { ...first, versionName: "1.1.0" }, first);
      expect(state).to.include({ latestVersion: "1" });
    });

    it("is replaced where its name changes", () => {
      expect(
        testCloud.deployer(LOG).typeOf("aws:ssm/document:Document")?.replaceOnChanges,
      ).to.deep.equal(["name"]);
    });

    it("shares by difference: what others shared stays", async () => {
      const first = { ...command(), permissions: { type: "Share", account_ids: MEMBER } };
      await testCloud.document(first);
      const shares = async () =>
        (
          await testCloud.call<{ AccountIds: string[] }>(
            "ssm",
            "DescribeDocumentPermission",
            { Name: "cf-say" },
            testCloud.operator(LOG),
          )
        ).AccountIds;
      expect(await shares()).to.deep.equal([MEMBER]);
      await update(
        "cf-say",
        { ...command(), permissions: { type: "Share", account_ids: `${MEMBER},${OTHER}` } },
        first,
      );
      expect(await shares()).to.deep.equal([MEMBER, OTHER]);
      await update(
        "cf-say",
        { ...command(), permissions: { type: "Share", account_ids: "All" } },
        { ...command(), permissions: { type: "Share", account_ids: `${MEMBER},${OTHER}` } },
      );
      expect(await shares()).to.deep.equal(["all"]);
    });

    describe("with many accounts", () => {
      const ids = (count: number, first = 0) =>
        Array.from({ length: count }, (_, index) => String(400_000_000_000 + first + index));
      const sharedWith = (accounts: readonly string[]) => ({
        ...command(),
        permissions: { type: "Share", account_ids: accounts.join(",") },
      });
      const shares = async () => {
        const input = { Name: "cf-say" };
        const permission = testCloud.call(
          "ssm",
          "DescribeDocumentPermission",
          input,
          testCloud.operator(LOG),
        );
        return ((await permission) as { AccountIds: string[] }).AccountIds;
      };
      const modifications = () =>
        testCloud.cloud.calls.filter(({ call }) => call === "ssm:ModifyDocumentPermission").length;

      it("is shared 20 accounts a call, as the provider does and AWS demands", async () => {
        await testCloud.document(sharedWith(ids(25)));
        expect(await shares()).to.deep.equal(ids(25));
        expect(modifications()).to.equal(2);
        await update("cf-say", sharedWith(ids(45, 10)), sharedWith(ids(25)));
        expect((await shares()).sort()).to.deep.equal(ids(45, 10));
        // 30 come in two calls, 10 go in one.
        expect(modifications()).to.equal(5);
        await remove("cf-say");
        expect(modifications()).to.equal(8);
      });

      it("is shared with 1,000 accounts, and not with one more", async () => {
        await testCloud.document(sharedWith(ids(1000)));
        expect(
          await refusal(update("cf-say", sharedWith(ids(1001)), sharedWith(ids(1000)))),
        ).to.equal(
          'aws:ssm/document:Document "test" in account 111111111111: DocumentPermissionLimit: The document can\'t be shared with more than 1000 accounts, got 1001',
        );
        expect(await shares()).to.have.length(1000);
      });

      it("changes nothing where only the order differs", async () => {
        await testCloud.document(sharedWith(ids(25)));
        await update("cf-say", sharedWith(ids(25)), sharedWith(ids(25).reverse()));
        expect(await shares()).to.deep.equal(ids(25));
        expect(modifications()).to.equal(2);
      });

      it("is refused more than 20 accounts in a call, and what is no share", async () => {
        await testCloud.document(command());
        const modify = (input: object) =>
          refusal(
            testCloud.call(
              "ssm",
              "ModifyDocumentPermission",
              { Name: "cf-say", PermissionType: "Share", ...input },
              testCloud.operator(LOG),
            ),
          );
        for (const key of ["accountIdsToAdd", "accountIdsToRemove"]) {
          const input = { [key.replace("a", "A")]: ids(21) };
          expect(await modify(input)).to.equal(
            `ValidationException: Value at '${key}' failed to satisfy constraint: Member must have length less than or equal to 20`,
          );
        }
        expect(await modify({ PermissionType: "Own" })).to.match(/^InvalidPermissionType: /);
      });
    });

    it("is unshared and deleted", async () => {
      await testCloud.document({
        ...command(),
        permissions: { type: "Share", account_ids: MEMBER },
      });
      await remove("cf-say");
      expect(
        await refusal(
          testCloud.call("ssm", "GetDocument", { Name: "cf-say" }, testCloud.operator(LOG)),
        ),
      ).to.equal("InvalidDocument: Document with name cf-say does not exist.");
      // What is gone already counts as deleted.
      await remove("cf-say");
    });
  });

  describe("a package", () => {
    const tool = linuxPackage("1.0.0", scripts);

    it("keeps a copy of its files, read as the one who creates it", async () => {
      await testCloud.document(await packageInputs(testCloud, PACKAGE, "1.0.0", tool));
      const reads = testCloud.cloud.calls.filter(({ call }) => call === "s3:GetObject");
      expect(reads.map(({ principal }) => principal)).to.deep.equal([testCloud.operator(LOG).arn]);
      const given = await testCloud.call<Given>("ssm", "GetDocument", { Name: arnOf(PACKAGE) });
      const [file] = given.AttachmentsContent;
      expect(given.Name).to.equal(arnOf(PACKAGE));
      expect(file).to.deep.equal({
        Name: "tool.zip",
        Size: tool.attachments["tool.zip"]?.length,
        Hash: sha256(tool.attachments["tool.zip"] ?? ""),
        HashType: "Sha256",
        Url: `https://s3.${REGION}.amazonaws.com/aws-ssm-document-attachments-${REGION}/${LOG}/${PACKAGE}/1/tool.zip`,
      });
      expect(testCloud.cloud.ssm.documents.download(file?.Url ?? "")).to.deep.equal(
        tool.attachments["tool.zip"],
      );
      expect(
        testCloud.cloud.ssm.documents.download("https://s3.eu-central-1.amazonaws.com/a/b/c/1/d"),
      ).to.equal(undefined);
    });

    it("can be changed in its files by a scenario", async () => {
      await testCloud.document(await packageInputs(testCloud, PACKAGE, "1.0.0", tool));
      testCloud.cloud.ssm.documents.tamper(LOG, REGION, PACKAGE);
      const { AttachmentsContent } = await testCloud.call<Given>("ssm", "GetDocument", {
        Name: arnOf(PACKAGE),
      });
      const bytes =
        testCloud.cloud.ssm.documents.download(AttachmentsContent[0]?.Url ?? "") ??
        new Uint8Array();
      expect(sha256(bytes)).not.to.equal(AttachmentsContent[0]?.Hash);
    });

    const refusals: readonly (readonly [
      fact: string,
      change: (inputs: Properties) => Properties,
      words: string,
    ])[] = [
      [
        "a version that is not the version name",
        (inputs) => ({ ...inputs, versionName: "1.0.1" }),
        "1.0.0 is not the document's version name 1.0.1",
      ],
      [
        "a file that is not there",
        (inputs) => ({
          ...inputs,
          attachmentsSources: [{ key: "SourceUrl", values: [`s3://${BUCKET}/elsewhere`] }],
        }),
        `s3://${BUCKET}/elsewhere/tool.zip does not exist`,
      ],
      [
        "a bucket that is not there",
        (inputs) => ({
          ...inputs,
          attachmentsSources: [{ key: "SourceUrl", values: ["s3://nothing/x"] }],
        }),
        "NoSuchBucket",
      ],
      [
        "a source that is no bucket",
        (inputs) => ({
          ...inputs,
          attachmentsSources: [{ key: "SourceUrl", values: ["https://x"] }],
        }),
        "s3://bucket/prefix",
      ],
      [
        "two places of one source",
        (inputs) => ({
          ...inputs,
          attachmentsSources: [
            { key: "SourceUrl", values: [`s3://${BUCKET}/a`, `s3://${BUCKET}/b`] },
          ],
        }),
        "exactly one value",
      ],
      [
        "no source",
        (inputs) => ({ ...inputs, attachmentsSources: [] }),
        "needs attachmentsSources",
      ],
      [
        "a source of another kind, as not rehearsed",
        (inputs) => ({
          ...inputs,
          attachmentsSources: [{ key: "S3FileUrl", values: ["s3://a/b"] }],
        }),
        "not rehearsed: document attachments by S3FileUrl",
      ],
      [
        "another schema",
        (inputs) => change(inputs, { schemaVersion: "1.0" }),
        'schemaVersion: expected "2.0"',
      ],
      [
        "no platform",
        (inputs) => change(inputs, { packages: {} }),
        "packages: expected at least one platform",
      ],
      [
        "a file that it does not list",
        (inputs) => change(inputs, { packages: { _any: { _any: { _any: { file: "b.zip" } } } } }),
        "packages._any._any._any: the file b.zip is not listed in files",
      ],
      [
        "another checksum",
        (inputs) =>
          change(inputs, { files: { "tool.zip": { checksums: { sha256: "0".repeat(64) } } } }),
        "the manifest says 0000",
      ],
      [
        "no checksum",
        (inputs) => change(inputs, { files: { "tool.zip": {} } }),
        "files.tool.zip: expected checksums.sha256",
      ],
    ];
    const change = (inputs: Properties, parts: object): Properties => ({
      ...inputs,
      content: JSON.stringify({ ...tool.manifest, ...parts }),
    });
    for (const [fact, alter, words] of refusals) {
      it(`is refused with ${fact}`, async () => {
        const inputs = alter(await packageInputs(testCloud, PACKAGE, "1.0.0", tool));
        expect(await refusal(testCloud.document(inputs))).to.include(words);
      });
    }

    it("is refused where the bucket does not let its creator read", async () => {
      const inputs = await packageInputs(testCloud, PACKAGE, "1.0.0", tool);
      const Statement = {
        Sid: "NoReading",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${BUCKET}/*`,
      };
      await testCloud.create(
        "aws:s3/bucketPolicy:BucketPolicy",
        "test",
        {
          bucket: BUCKET,
          policy: { Version: "2012-10-17", Statement },
        },
        { account: LOG },
      );
      expect(await refusal(testCloud.document(inputs))).to.include("AccessDenied");
    });
  });

  describe("who finds which", () => {
    beforeEach(() =>
      testCloud.document({ ...command(), permissions: { type: "Share", account_ids: MEMBER } }),
    );
    const describeBy = async (principal: RoleSession, Name: string, region = REGION) =>
      refusal(
        testCloud.cloud
          .call<Described>({
            principal,
            account: principal.account,
            region,
            service: "ssm",
            operation: "DescribeDocument",
            input: { Name },
          })
          .then(({ Document }) =>
            Promise.reject(
              new Error(`found ${String(Document["Name"])} of ${String(Document["Owner"])}`),
            ),
          ),
      );
    const cases: readonly (readonly [
      fact: string,
      account: string,
      name: string,
      answer: string,
    ])[] = [
      ["the owner, by name", LOG, "cf-say", `found cf-say of ${LOG}`],
      ["the owner, by ARN", LOG, arnOf("cf-say"), `found cf-say of ${LOG}`],
      [
        "another account that it is shared with, by ARN",
        MEMBER,
        arnOf("cf-say"),
        `found ${arnOf("cf-say")} of ${LOG}`,
      ],
      [
        "not another account by name",
        MEMBER,
        "cf-say",
        "InvalidDocument: Document with name cf-say does not exist.",
      ],
      [
        "not an account that it is not shared with",
        OTHER,
        arnOf("cf-say"),
        `InvalidDocument: Document with name ${arnOf("cf-say")} does not exist.`,
      ],
      [
        "everybody AWS's own, by name",
        OTHER,
        "AWS-RunShellScript",
        "found AWS-RunShellScript of Amazon",
      ],
      [
        "everybody AWS's own, by ARN",
        OTHER,
        `arn:aws:ssm:${REGION}::document/AWS-RunShellScript`,
        "found AWS-RunShellScript of Amazon",
      ],
      [
        "nobody what is not there",
        LOG,
        "cf-none",
        "InvalidDocument: Document with name cf-none does not exist.",
      ],
    ];
    for (const [fact, account, name, answer] of cases) {
      it(fact, async () =>
        expect(await describeBy(testCloud.operator(account), name)).to.equal(answer),
      );
    }

    it("not in another Region", async () => {
      expect(await describeBy(testCloud.operator(MEMBER), arnOf("cf-say"), "eu-west-1")).to.include(
        "does not exist",
      );
    });

    it("not another of the same name in its own Region", async () => {
      const at = { type: "aws:ssm/document:Document", name: "test", region: "eu-west-1" };
      const permissions = { type: "Share", account_ids: MEMBER };
      await testCloud.deployer(LOG).create({ ...at, inputs: { ...command(), permissions } });
      expect(await describeBy(testCloud.operator(MEMBER), arnOf("cf-say"), "eu-west-1")).to.include(
        "does not exist",
      );
    });

    it("with a word for people where it exists and is only not shared", async () => {
      await describeBy(testCloud.operator(OTHER), arnOf("cf-say"));
      await describeBy(testCloud.operator(OTHER), arnOf("cf-none"));
      expect(testCloud.timelineOf("Systems Manager")).to.deep.equal([
        `warning: ${arnOf("cf-say")} exists, but is not shared with account ${OTHER}`,
      ]);
    });

    it("nobody AWS's own that is not modelled: as not rehearsed", async () => {
      expect(await describeBy(testCloud.operator(MEMBER), "AWS-RunPatchBaseline")).to.include(
        "not rehearsed: document AWS-RunPatchBaseline",
      );
      expect([...testCloud.cloud.notRehearsed.keys()]).to.deep.equal([
        "document AWS-RunPatchBaseline",
      ]);
    });

    it("a program that looks it up, with nothing of what is not known here", async () => {
      const lookUp = (name: string) =>
        testCloud
          .deployer(MEMBER)
          .invoke("aws:ssm/getDocument:getDocument", { name, documentFormat: "JSON" }, REGION);
      const known = await lookUp("AWS-RunShellScript");
      expect(known["documentType"]).to.equal("Command");
      expect(JSON.parse(String(known["content"]))).to.have.nested.property("parameters.commands");
      testCloud.cloud.ssm.documents.addUnseen(MEMBER, REGION, "Acme-Clean");
      for (const name of ["Acme-Clean", "AWS-RunPatchBaseline"]) {
        expect(await lookUp(name)).to.include({ content: "{}", documentType: "" });
        expect([...testCloud.cloud.notRehearsed.keys()]).to.include(`document ${name}`);
      }
      expect(await refusal(lookUp("Acme-Cleen"))).to.include("InvalidDocument");
    });

    it("not by an ARN of more than 128 characters", async () => {
      expect(await describeBy(testCloud.operator(MEMBER), arnOf("a".repeat(90)))).to.include(
        "ValidationException",
      );
    });

    it("no more once it is unshared", async () => {
      testCloud.cloud.ssm.documents.unshare(LOG, REGION, "cf-say", MEMBER);
      expect(await describeBy(testCloud.operator(MEMBER), arnOf("cf-say"))).to.include(
        "does not exist",
      );
    });

    it("other accounts: the default version only", async () => {
      const first = { ...command(), permissions: { type: "Share", account_ids: MEMBER } };
      await update(
        "cf-say",
        { ...first, ...command({ description: "New." }), versionName: "2.0.0" },
        first,
      );
      const get = (wanted: object, account = MEMBER) =>
        refusal(
          testCloud.call<Given>(
            "ssm",
            "GetDocument",
            { Name: arnOf("cf-say"), ...wanted },
            testCloud.operator(account),
          ),
        );
      expect(await get({ VersionName: "2.0.0" })).to.equal("it was taken");
      expect(await get({ DocumentVersion: "1" })).to.equal(
        `InvalidDocumentVersion: Only the default version of ${arnOf("cf-say")} is shared with account ${MEMBER}`,
      );
      expect(await get({ DocumentVersion: "1" }, LOG)).to.equal("it was taken");
      expect(await get({ VersionName: "9.9.9" }, LOG)).to.equal(
        "InvalidDocumentVersion: Document cf-say has no version name 9.9.9",
      );
    });

    it("only with the permission of their own account", async () => {
      await testCloud.profile([]);
      const role = testCloud.cloud.iam.role(MEMBER, "host");
      const arn = `arn:aws:sts::${MEMBER}:assumed-role/host/i`;
      const session: RoleSession = {
        kind: "session",
        account: MEMBER,
        roleArn: role.arn,
        roleName: "host",
        arn,
        sessionName: "i",
      };
      expect(await describeBy(session, arnOf("cf-say"))).to.equal(
        `AccessDeniedException: User: ${arn} is not authorized to perform: ssm:DescribeDocument on resource: ${arnOf("cf-say")} because no identity-based policy allows the ssm:DescribeDocument action`,
      );
      // The permission is checked first: a caller without it does not learn what exists.
      expect(await describeBy(session, "cf-none")).to.include("AccessDeniedException");
    });
  });

  it("gives a content in the format that is asked for, JSON otherwise", async () => {
    await testCloud.document(command());
    const get = (DocumentFormat?: string) =>
      testCloud.call<Given>(
        "ssm",
        "GetDocument",
        { Name: "cf-say", ...(DocumentFormat !== undefined && { DocumentFormat }) },
        testCloud.operator(LOG),
      );
    expect((await get()).Content).to.equal(JSON.stringify(COMMAND));
    expect((await get("YAML")).Content).to.match(/^schemaVersion: "2.2"\n/);
  });

  it("lists an account's documents and AWS's", async () => {
    await testCloud.document(command());
    const list = async (...Filters: readonly object[]) => {
      const answer = await testCloud.call<{ DocumentIdentifiers: { Name: string }[] }>(
        "ssm",
        "ListDocuments",
        { Filters },
        testCloud.operator(LOG),
      );
      return answer.DocumentIdentifiers.map(({ Name }) => Name);
    };
    expect(await list()).to.deep.equal([
      "cf-say",
      "AWS-RunShellScript",
      "AWS-RunPowerShellScript",
      "AWS-ConfigureAWSPackage",
      "AmazonCloudWatch-ManageAgent",
      "AWS-JoinDirectoryServiceDomain",
    ]);
    expect(await list({ Key: "Owner", Values: ["Self"] })).to.deep.equal(["cf-say"]);
    expect(
      await list({ Key: "Name", Values: ["AWS-"] }, { Key: "DocumentType", Values: ["Command"] }),
    ).to.have.lengthOf(4);
    expect(await refusal(list({ Key: "Colour", Values: [] }))).to.include("InvalidFilterKey");
  });
});
