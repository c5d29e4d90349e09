// What a route does, in Amazon States Language: asks Athena, reads the rows page by page, and publishes those that a rule
// takes to the rule's topic. Expressions are JSONata. Source: Step Functions developer guide, "Transforming data with
// JSONata".
import type { Partition } from "../account.js";
import { stateTaskArn } from "../arns.js";

/** How the value of a column is compared; `always` takes every row. */
export const routeOperators = [
  "always",
  "equals",
  "differs",
  "contains",
  "above",
  "below",
] as const;

export interface RouteRule {
  /** Column of the query's result, in lower case. @default none: the operator is `always` */
  readonly column?: string;
  readonly operator: (typeof routeOperators)[number];
  /** What the column is compared with; a number for `above` and `below`. */
  readonly value?: string;
  /** Name of the topic that gets the rows. */
  readonly topic: string;
}

export interface RouteQuery {
  readonly sql: string;
  /** What stands for each `?`, as texts. */
  readonly parameters: readonly string[];
  readonly database: string;
  readonly workgroup: string;
}

/** Rows in one message. A state takes 256 KiB at most, so a row may have some 5,000 characters. */
const rowsAPage = 50;

/** Longer than any query may run: Athena's own limit is half an hour. */
const maxQuerySeconds = 45 * 60;
const maxRouteSeconds = 2 * 60 * 60;

/** Athena and SNS report throttling by these errors, and by no others. */
const retries = (...errors: string[]) => [
  {
    ErrorEquals: errors,
    IntervalSeconds: 5,
    MaxAttempts: 6,
    BackoffRate: 2,
  },
];
const athenaBusy = retries("Athena.TooManyRequestsException", "Athena.InternalServerException");
const snsBusy = retries("SNS.ThrottledException", "SNS.InternalErrorException");

/** Every error ends the execution as failed, and the rule on failed routes notifies of it. */
const caught = [{ ErrorEquals: ["States.ALL"], Next: "Failed" }];

/** On one line, as the validator wants it; no text in an expression has several. */
const jsonata = (expression: string): string => `{% ${expression.replace(/\s*\n\s*/g, " ")} %}`;

/** The definition of a route's state machine. `topics` are ARNs by name. */
export function routeDefinition(
  name: string,
  partition: Partition,
  query: RouteQuery,
  rules: readonly RouteRule[],
  topics: Readonly<Record<string, string>>,
): object {
  const resource = (call: string) => stateTaskArn(partition, call);
  const read = (more: object, skipped: number) => ({
    Type: "Task",
    Resource: resource("athena:getQueryResults"),
    Arguments: { QueryExecutionId: jsonata("$query"), MaxResults: rowsAPage, ...more },
    Retry: athenaBusy,
    Catch: caught,
    Assign: { rows: jsonata(rowsAfter(skipped)), next: jsonata(nextPage) },
    Next: "Match",
  });
  return {
    Comment: `Tells the right people of the rows of ${name}`,
    QueryLanguage: "JSONata",
    StartAt: "Ask",
    TimeoutSeconds: maxRouteSeconds,
    States: {
      Ask: {
        Type: "Task",
        Resource: resource("athena:startQueryExecution.sync"),
        Arguments: {
          // As an expression, which has its lines in one: the validator of the language takes no text of several.
          QueryString: jsonata(JSON.stringify(query.sql)),
          WorkGroup: query.workgroup,
          QueryExecutionContext: { Database: query.database },
          ...(query.parameters.length > 0 && {
            ExecutionParameters: query.parameters.map(literal),
          }),
        },
        TimeoutSeconds: maxQuerySeconds,
        Retry: athenaBusy,
        Catch: caught,
        Assign: { query: jsonata("$states.result.QueryExecution.QueryExecutionId") },
        Next: "FirstPage",
      },
      // The first row of the first page is the header.
      FirstPage: read({}, 1),
      Match: {
        Type: "Pass",
        Output: jsonata(matches(name, rules, topics)),
        Next: "Tell",
      },
      Tell: {
        Type: "Map",
        MaxConcurrency: 1,
        Catch: caught,
        ItemProcessor: {
          ProcessorConfig: { Mode: "INLINE" },
          StartAt: "Publish",
          States: {
            Publish: {
              Type: "Task",
              Resource: resource("sns:publish"),
              Arguments: {
                TopicArn: jsonata("$states.input.topic"),
                Subject: jsonata("$states.input.subject"),
                Message: jsonata("$states.input.message"),
              },
              Retry: snsBusy,
              End: true,
            },
          },
        },
        Next: "More",
      },
      More: {
        Type: "Choice",
        Choices: [{ Condition: jsonata("$next != ''"), Next: "NextPage" }],
        Default: "Done",
      },
      NextPage: read({ NextToken: jsonata("$next") }, 0),
      Done: { Type: "Succeed" },
      Failed: {
        Type: "Fail",
        Error: jsonata("$states.input.Error"),
        Cause: jsonata("$states.input.Cause"),
      },
    },
  };
}

/** A text of SQL. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** JSONata gives one value where a list would have one: brackets keep it a list. */
const rowsAfter = (skipped: number): string =>
  `($set := $states.result.ResultSet;
    $columns := [$set.ResultSetMetadata.ColumnInfo.Name];
    $data := $filter([$set.Rows], function($row, $i) { $i >= ${skipped} });
    [$map($data, function($row) {
      $merge($map($columns, function($name, $i) { { $lowercase($name): $row.Data[$i].VarCharValue } }))
    })])`;

const nextPage = "$exists($states.result.NextToken) ? $states.result.NextToken : ''";

/** A message for each rule that takes rows of the page. */
function matches(
  name: string,
  rules: readonly RouteRule[],
  topics: Readonly<Record<string, string>>,
): string {
  const matchers = rules.map((rule) => {
    const topic = JSON.stringify(topics[rule.topic] ?? "");
    const why = JSON.stringify(`${name}: ${words(rule)}`);
    return `{ "topic": ${topic}, "why": ${why}, "rows": [$filter($rows, function($row) { ${condition(rule)} })] }`;
  });
  return `($line := function($row) {
      $join($map([$keys($row)], function($key) { $key & ": " & $lookup($row, $key) }), ", ")
    };
    $found := [${matchers.join(", ")}];
    [$map([$found[$count(rows) > 0]], function($match) {
      {
        "topic": $match.topic,
        "subject": ${JSON.stringify(`${name}: `)} & $count($match.rows) & " rows",
        "message": $match.why & "\\n\\n" & $join($map([$match.rows], $line), "\\n")
      }
    })])`;
}

/** The rule as people read it. */
const words = ({ column, operator, value }: RouteRule): string =>
  operator === "always" ? "every row" : `${column ?? ""} ${operator} ${value ?? ""}`;

/** The rule as JSONata asks it of `$row`; a row without the column, which is NULL there, matches only `differs`. */
function condition({ column = "", operator, value = "" }: RouteRule): string {
  const cell = `$row.\`${column}\``;
  const text = JSON.stringify(value);
  const compared = (sign: string) =>
    `$exists(${cell}) and $contains(${cell}, /^-?[0-9]+([.][0-9]+)?$/) ? $number(${cell}) ${sign} ${Number(value)} : false`;
  switch (operator) {
    case "always":
      return "true";
    case "equals":
      return `${cell} = ${text}`;
    case "differs":
      return `$not(${cell} = ${text})`;
    case "contains":
      return `$exists(${cell}) and $contains(${cell}, ${text})`;
    case "above":
      return compared(">");
    case "below":
      return compared("<");
  }
}
