import { escaped, type Protocol, xml } from "./http.js";

// EC2 speaks a protocol of its own, with a name of its own for nearly every field. Source: Smithy, "AWS EC2 query
// protocol", and the XML names in EC2's model. Here it speaks of instances: of what operators' commands ask for.

/** The input of DescribeInstances: `InstanceId.1=…&Filter.1.Name=…&Filter.1.Value.1=…`. */
export function describeInstancesInput(form: URLSearchParams): object {
  const listed = (prefix: string): string[] => {
    const values: string[] = [];
    for (let value; (value = form.get(`${prefix}.${values.length + 1}`)) !== null;)
      values.push(value);
    return values;
  };
  const filters: { Name: string; Values: string[] }[] = [];
  for (let name; (name = form.get(`Filter.${filters.length + 1}.Name`)) !== null;) {
    filters.push({ Name: name, Values: listed(`Filter.${filters.length + 1}.Value`) });
  }
  const ids = listed("InstanceId");
  return {
    ...(ids.length > 0 && { InstanceIds: ids }),
    ...(filters.length > 0 && { Filters: filters }),
  };
}

/** XML names that are not the API's with a small first letter. */
const NAMES: Readonly<Record<string, string>> = {
  Reservations: "reservationSet",
  Instances: "instancesSet",
  State: "instanceState",
  Tags: "tagSet",
  PlatformDetails: "platformDetails",
};

export const ec2Query: Protocol = {
  answer: ({ operation }, output) =>
    xml(200, `<${operation}Response>${fields(output as object)}</${operation}Response>`),
  refuse: ({ code, message }) => {
    const [status, name] =
      code === "AccessDeniedException" ? [403, "UnauthorizedOperation"] : [400, code];
    const error = `<Error><Code>${escaped(name)}</Code><Message>${escaped(message)}</Message></Error>`;
    return xml(status, `<Response><Errors>${error}</Errors></Response>`);
  },
};

function fields(record: object): string {
  return Object.entries(record)
    .map(([key, value]) => {
      const name = NAMES[key] ?? `${key.charAt(0).toLowerCase()}${key.slice(1)}`;
      return `<${name}>${content(value)}</${name}>`;
    })
    .join("");
}

function content(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => `<item>${content(item)}</item>`).join("");
  if (typeof value === "object" && value !== null) return fields(value);
  return escaped(String(value));
}
