import { XmlShapeSerializer } from "@aws-sdk/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import type { ServiceModel } from "./models.js";
import { shaped } from "./shapes.js";

/** ISO 8601, unless the model says otherwise. Source: `@smithy/types`, "TimestampDateTimeSchema". */
const DATE_TIME = 5;

/** A shape in XML, by the serializer that the SDK has for requests, under another name. */
export function writtenXml(
  model: ServiceModel,
  schema: NormalizedSchema | undefined,
  value: object,
  name: string,
): string {
  const open = `<${name} xmlns="${model.xmlNamespace}"`;
  if (schema?.isStructSchema() !== true) return `${open}/>`;
  const serializer = new XmlShapeSerializer({
    xmlNamespace: model.xmlNamespace,
    serviceNamespace: "",
    timestampFormat: { default: DATE_TIME, useTrait: true },
    httpBindings: false,
  });
  serializer.write(schema, shaped(schema, value));
  // The outermost element has the shape's name, which no protocol has on the wire.
  const [, shape = "", rest = ""] =
    /^<([^\s/>]+)[^>]*?(\/>|>.*)$/s.exec(String(serializer.flush())) ?? [];
  if (rest === "/>") return `${open}/>`;
  return `${open}${rest.slice(0, -`</${shape}>`.length)}</${name}>`;
}
