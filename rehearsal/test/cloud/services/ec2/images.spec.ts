import { expect } from "chai";
import { imageOf, imageOfParameter } from "../../../../cloud/services/ec2/images.js";

const system = (parameter: string): string | undefined => {
  const image = imageOf(imageOfParameter(parameter, "eu-central-1") ?? "", "eu-central-1");
  if (image === undefined) return undefined;
  const { platformName, platformVersion, architecture } = image.os;
  const assumed = image.assumed === undefined ? "" : ` (assumed: ${image.assumed})`;
  return `${platformName} ${platformVersion} ${architecture}${assumed}`;
};

describe("Public parameters of images", () => {
  const windows = "/aws/service/ami-windows-latest";
  const known: [parameter: string, system: string][] = [
    [
      "/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-6.1-arm64",
      "Amazon Linux 2023 arm64",
    ],
    ["/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2", "Amazon Linux 2 x86_64"],
    [
      "/aws/service/ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-arm64-gp2",
      "Amazon Linux 2 arm64",
    ],
    [
      `${windows}/Windows_Server-2022-German-Full-Base`,
      "Microsoft Windows Server 2022 Datacenter 10.0.20348 x86_64",
    ],
    [
      `${windows}/Windows_Server-2019-English-Full-SQL_2019_Standard`,
      "Microsoft Windows Server 2019 Datacenter 10.0.17763 x86_64",
    ],
    [
      "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
      "Ubuntu 24.04 x86_64",
    ],
    [
      "/aws/service/canonical/ubuntu/server/jammy/stable/current/arm64/hvm/ebs-gp2/ami-id",
      "Ubuntu 22.04 arm64",
    ],
    ["/aws/service/debian/release/bookworm/latest/amd64", "Debian 12 x86_64"],
    ["/aws/service/suse/sles/15-sp6/x86_64/latest", "SUSE Linux Enterprise Server 15.6 x86_64"],
    [
      "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
      "Amazon Linux 2023 arm64 (assumed: Amazon Linux 2023)",
    ],
  ];
  for (const [parameter, wanted] of known) {
    it(`name ${wanted}: ${parameter}`, () => {
      expect(system(parameter)).to.equal(wanted);
    });
  }

  it("name nothing where they are misspelt, or AWS has no such release", () => {
    for (const parameter of [
      "/aws/service/ami-amazon-linux-latest/al2032-ami-kernel-default-x86_64",
      `${windows}/Windows_Server-2023-English-Full-Base`,
      `${windows}/Windows_Server-2022-English-Base`,
      "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64",
      "/aws/service/global-infrastructure/regions",
    ])
      expect(system(parameter), parameter).to.equal(undefined);
  });
});
