import * as fc from "fast-check";
import { changes } from "./changes";
import { Cost, explain, judge, sentence } from "./explain";

const base = {
  format: 1,
  node: "broker-a-0",
  identity: { brokerName: "broker-a", storePathRootDir: "/data/rocketmq/broker-a-0/store" },
  hot: ["fileReservedTime"],
  release: {
    version: "5.5.0",
    conf: { fileReservedTime: "72", flushDiskType: "ASYNC_FLUSH" },
    jvm: { heap: { mb: 1024 } },
  },
};

function changed(edit: (document: typeof base) => void): typeof base {
  const copy = structuredClone(base);
  edit(copy);
  return copy;
}

describe("explain", () => {
  test.each([
    [
      "a hot key",
      changed((d) => (d.release.conf.fileReservedTime = "48")),
      "broker-a-0: fileReservedTime 72 -> 48, applied online",
    ],
    [
      "a key that needs a restart",
      changed((d) => (d.release.conf.flushDiskType = "SYNC_FLUSH")),
      "broker-a-0: flushDiskType ASYNC_FLUSH -> SYNC_FLUSH, rolling restart",
    ],
    [
      "a version",
      changed((d) => (d.release.version = "5.3.3")),
      "broker-a-0: version 5.5.0 -> 5.3.3, rolling restart",
    ],
    [
      "the heap",
      changed((d) => (d.release.jvm.heap.mb = 2048)),
      "broker-a-0: jvm.heap.mb 1024 -> 2048, rolling restart",
    ],
  ])("%s", (_, to, expected) => {
    expect(explain(base, to).map((change) => sentence("broker-a-0", change))).toEqual([expected]);
  });

  test("what would lose the data is refused with the way to do it right", () => {
    const to = changed((d) => (d.identity.storePathRootDir = "/mnt/store"));
    const verdict = judge("broker-a-0", JSON.stringify(base), JSON.stringify(to));
    expect(verdict.lines).toEqual([]);
    expect(verdict.refusals).toEqual([
      expect.stringContaining(
        "storePathRootDir /data/rocketmq/broker-a-0/store -> /mnt/store, refused",
      ),
    ]);
    expect(verdict.refusals[0]).toContain("empty store");
  });

  test("an update with the same document is one of the connection", () => {
    const text = JSON.stringify(base);
    expect(judge("broker-a-0", text, text).lines).toEqual([
      "broker-a-0: connection only, no restart",
    ]);
  });

  test("a document that is not known yet is not judged", () => {
    expect(judge("n", JSON.stringify(base), undefined)).toEqual({ lines: [], refusals: [] });
  });

  test("how a document is read is not a change", () => {
    expect(explain(base, { ...base, hot: [] })).toEqual([]);
  });
});

describe("changes", () => {
  test("are none between equals, and name both sides between others", () => {
    fc.assert(
      fc.property(fc.object(), fc.object(), (a, b) => {
        const x: unknown = JSON.parse(JSON.stringify(a));
        const y: unknown = JSON.parse(JSON.stringify(b));
        expect(changes(x, x)).toEqual([]);
        for (const change of changes(x, y)) {
          expect(JSON.stringify(change.from)).not.toBe(JSON.stringify(change.to));
        }
      }),
    );
  });

  test("costs are words for people", () => {
    expect(Object.values(Cost)).toContain("rolling restart");
  });
});
