/**
 * List prices in US dollars, us-east-1. Source: "Automated Security Response on AWS - Cost" (2026) and the
 * note on the end of Automation's free tier; see docs/architecture.md. Other Regions and partitions are charged the
 * same here: AWS China and GovCloud have separate lists, China's in yuan, which this table does not have.
 */
export const PRICE = {
  /** One step of an automation other than aws:executeScript. */
  automationStep: 0.002,
  /** One second of aws:executeScript. */
  scriptSecond: 0.00003,
} as const;
