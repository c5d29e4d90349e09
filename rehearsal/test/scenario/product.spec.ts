import { join } from "node:path";
import { expect } from "chai";
import {
  enabledTag,
  enabledValues,
  requestSource,
  requestType,
  statusTagPrefix,
} from "../../../components/bootstrap/bootstrap-tags.js";
import {
  adHocDocumentName as deployedAdHocName,
  bootstrapDocumentName,
  collectName,
  packageDocumentName,
  reconcileDocumentName,
  renameDocumentName,
  scriptDocumentName as deployedScriptName,
} from "../../../components/names.js";
import { invocationsPrefix, outputPrefix } from "../../../components/storage/output-access.js";
import { loadRunbook } from "../../../runbooks/loader/runbook.js";
import { targetOf } from "../../../stacks/config/schedules.js";
import {
  adHocDocumentName,
  BOOTSTRAP_REQUEST,
  ENABLED_TAG,
  ENABLED_VALUES,
  INSTANCE_PARAMETER,
  INVOCATIONS_PREFIX,
  isOwnDocument,
  isPackageDocument,
  LAST_BOOTSTRAP_STEP,
  OUTPUT_PREFIX,
  RUN_PARAMETER,
  scriptDocumentName,
  STATUS_MESSAGE_TAG,
  STATUS_TAG,
} from "../../scenario/product.js";

const RUNBOOKS = join(__dirname, "../../../runbooks");
const runbook = (name: string) => loadRunbook(join(RUNBOOKS, name));

const SHA = "0123456789abcdef0123456789abcdef";

describe("what scenarios know of the product", () => {
  for (const [what, known, deployed] of [
    ["the tag of the status", STATUS_TAG, statusTagPrefix],
    ["the tag of hosts that are looked after", ENABLED_TAG, enabledTag],
    ["the source of requests", BOOTSTRAP_REQUEST.Source, requestSource],
    ["the type of requests", BOOTSTRAP_REQUEST.DetailType, requestType],
    ["where answers are kept", INVOCATIONS_PREFIX, invocationsPrefix],
    ["where output is kept", OUTPUT_PREFIX, outputPrefix],
    ["a script's document", scriptDocumentName("cf", "disk"), deployedScriptName("cf", "disk")],
    ["an ad hoc document", adHocDocumentName("cf", SHA), deployedAdHocName("cf", SHA)],
  ] as const) {
    it(`is the program's: ${what}`, () => {
      expect(known).to.equal(deployed);
    });
  }

  it("is the program's: which hosts are all", () => {
    expect(ENABLED_VALUES).to.deep.equal(enabledValues);
    expect(targetOf("all")).to.deep.equal({ key: `tag:${ENABLED_TAG}`, values: ENABLED_VALUES });
  });

  it("is the program's: a package's document", () => {
    expect(isPackageDocument(packageDocumentName("cf", "demo"), "demo")).to.be.true;
    expect(isPackageDocument(packageDocumentName("cf", "other-demo"), "demo")).to.be.false;
  });

  it("is the program's: a member stack's own documents", () => {
    const names = [bootstrapDocumentName, collectName, reconcileDocumentName, renameDocumentName];
    for (const name of names) expect(isOwnDocument("cf", name("cf")), name("cf")).to.be.true;
    expect(isOwnDocument("cf", "cf-collector")).to.be.false;
  });

  it("is the bootstrap runbook's: the parameter of the instance, the last step and the message's tag", () => {
    const { parameters, steps, source } = runbook("ec2-bootstrap.yaml");
    expect(parameters).to.have.property(INSTANCE_PARAMETER);
    expect(steps.at(-1)).to.include({ name: LAST_BOOTSTRAP_STEP, isEnd: true });
    expect(source).to.contain(`STATUS = "${STATUS_TAG}"`);
    expect(source).to.contain(`STATUS + "${STATUS_MESSAGE_TAG.slice(STATUS_TAG.length)}"`);
  });

  it("is the run's runbook's: the parameter of the run", () => {
    expect(runbook("run-script.yaml").parameters).to.have.property(RUN_PARAMETER);
  });
});
