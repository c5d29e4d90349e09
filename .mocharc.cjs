// A stringified Output throws in tests instead of printing a help text (see docs/architecture.md).
process.env.PULUMI_ERROR_OUTPUT_STRING = "1";

module.exports = {
  require: ["tsx"],
  extension: ["ts"],
  timeout: 30_000,
};
