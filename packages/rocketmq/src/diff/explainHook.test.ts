import * as pulumi from "@pulumi/pulumi";
import { judge } from "./explain";
import { verdictOf } from "./explainHook";

const stdin = (conf: Record<string, string>) =>
  JSON.stringify({
    format: 1,
    node: "broker-a-0",
    identity: { brokerName: "broker-a", brokerId: 0 },
    hot: ["fileReservedTime"],
    release: { version: "5.5.0", conf, unit: { name: "mqbroker@broker-a-0" } },
  });

const look = (from: Record<string, unknown>, to: Record<string, unknown>) =>
  judge("broker-a-0", from["stdin"], to["stdin"]);

const OLD = { storePathCommitLog: "/a", credentials: "hunter2", fileReservedTime: "72" };

describe("a document with a secret in it", () => {
  test("its changes are told with their costs, and without their values", async () => {
    const from = { stdin: pulumi.secret(stdin(OLD)) };
    const to = {
      stdin: pulumi.secret(stdin({ ...OLD, credentials: "hunter3", fileReservedTime: "48" })),
    };
    expect(await verdictOf(look, from, to)).toMatchObject({
      lines: [
        "broker-a-0: credentials [secret], rolling restart",
        "broker-a-0: fileReservedTime [secret], applied online",
      ],
      refusals: [],
    });
  });

  test("what would lose data is refused", async () => {
    const from = { stdin: stdin(OLD) };
    const to = { stdin: pulumi.secret(stdin({ ...OLD, storePathCommitLog: "/b" })) };
    const { refusals } = await verdictOf(look, from, to);
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toContain("storePathCommitLog [secret]");
  });

  test("one that is no secret is told with its values", async () => {
    const from = { stdin: stdin(OLD) };
    const to = { stdin: stdin({ ...OLD, fileReservedTime: "48" }) };
    const { lines } = await verdictOf(look, from, to);
    expect(lines).toEqual(["broker-a-0: fileReservedTime 72 -> 48, applied online"]);
  });

  test("one that is not known yet holds nobody up", async () => {
    const unknown = pulumi.secret("x").apply(() => new Promise<string>(() => undefined));
    Object.defineProperty(unknown, "isKnown", { value: Promise.resolve(false) });
    expect(await verdictOf(look, { stdin: stdin(OLD) }, { stdin: unknown })).toEqual({
      lines: [],
      warnings: [],
      refusals: [],
    });
  });
});
