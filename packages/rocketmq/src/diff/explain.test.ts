import * as fc from "fast-check";
import { changes } from "./changes";
import { Cost } from "../config/costs";
import { explain, judge, judgeRollout, type NodeState, sentence } from "./explain";

const base = {
  format: 1,
  host: "b1",
  cluster: "orders",
  node: "broker-a-0",
  paths: { deploy: "/opt/rocketmq", data: "/data/rocketmq" },
  user: "rocketmq",
  address: "10.0.0.3:10911",
  namesrv: ["10.0.0.1:9876"],
  identity: {
    brokerClusterName: "orders",
    brokerName: "broker-a",
    brokerId: 0,
    storePathRootDir: "/data/rocketmq/broker-a-0/store",
  },
  hot: ["fileReservedTime"],
  release: {
    version: "5.5.0",
    conf: {
      fileReservedTime: "72",
      flushDiskType: "ASYNC_FLUSH",
      brokerName: "broker-a",
      storePathCommitLog: "/data/rocketmq/broker-a-0/store/commitlog",
    } as Record<string, string>,
    jvm: { heap: { mb: 1024 } },
    unit: { name: "mqbroker@broker-a-0" },
  },
  drain: { seconds: 30 },
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
    [
      "a group that is taken out",
      { ...base, decommission: { seconds: 30 } },
      "broker-a-0: its group is taken out (decommission): closed for writes, read on, applied online",
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

  test("a group that is not taken out any more", () => {
    const from = { ...base, decommission: { seconds: 30 } };
    expect(judge("broker-a-0", JSON.stringify(from), JSON.stringify(base)).lines).toEqual([
      expect.stringContaining("takes messages again, applied online"),
    ]);
  });

  test("with another version, a key is hot only where the one that runs applies it, too", () => {
    const from = changed((d) => (d.release.version = "4.9.3"));
    const to = changed((d) => {
      d.hot = ["fileReservedTime", "maxMessageSize"];
      d.release.conf.fileReservedTime = "48";
      d.release.conf["maxMessageSize"] = "4194304";
    });
    expect(explain(from, to).map((change) => sentence("broker-a-0", change))).toEqual([
      "broker-a-0: fileReservedTime 72 -> 48, applied online",
      "broker-a-0: maxMessageSize (unset) -> 4194304, rolling restart",
      "broker-a-0: version 4.9.3 -> 5.5.0, rolling restart",
    ]);
  });

  test("a document that is not known yet is not judged", () => {
    expect(judge("n", JSON.stringify(base), undefined)).toEqual({
      lines: [],
      warnings: [],
      refusals: [],
    });
  });

  test("how a document is read is not a change", () => {
    expect(explain(base, { ...base, hot: [] })).toEqual([]);
  });
});

describe("what would lose data or identity is refused, once, with the way to do it right", () => {
  test.each<[string, string, (d: typeof base) => void]>([
    [
      "store path",
      "give the new path to a new broker group",
      (d) => (d.identity.storePathRootDir = "/mnt"),
    ],
    ["broker id", "add a replica and remove this one", (d) => (d.identity.brokerId = 1)],
    ["user", "set user back", (d) => (d.user = "mq")],
    ["programs", "set paths.deploy back", (d) => (d.paths.deploy = "/srv")],
    ["unit", "beside the new one", (d) => (d.release.unit.name = "rocketmq@a")],
    ["commit log", "messages stay behind", (d) => (d.release.conf["storePathCommitLog"] = "/ssd")],
    ["where to, instead", "Set it back", (d) => (d.release.conf["storeType"] = "defaultRocksDB")],
    ["file size", "another size", (d) => (d.release.conf["mappedFileSizeCommitLog"] = "1048576")],
    [
      "broker name",
      "add a broker group with the new name",
      (d) => {
        d.identity.brokerName = "first";
        d.release.conf["brokerName"] = "first";
      },
    ],
    [
      "cluster name",
      "raise a second cluster",
      (d) => {
        d.cluster = "sales";
        d.identity.brokerClusterName = "sales";
      },
    ],
    [
      "data path",
      "set paths.data back",
      (d) => {
        d.paths.data = "/mnt";
        d.identity.storePathRootDir = "/mnt/broker-a-0/store";
        d.release.conf["storePathCommitLog"] = "/mnt/broker-a-0/store/commitlog";
      },
    ],
    [
      "machine",
      "add a broker group on the new machine",
      (d) => {
        d.host = "b9";
        d.address = "10.0.0.9:10911";
      },
    ],
  ])("%s", (_, remedy, edit) => {
    const { refusals } = judge("broker-a-0", JSON.stringify(base), JSON.stringify(changed(edit)));
    expect(refusals).toEqual([expect.stringMatching(/^broker-a-0: .*, refused: /)]);
    expect(refusals[0]).toContain(remedy);
  });

  test.each([
    ["a machine with another name", (d: typeof base) => (d.host = "b9")],
    ["a machine with another address", (d: typeof base) => (d.address = "10.0.0.9:10911")],
  ])("but not %s", (_, edit) => {
    expect(
      judge("broker-a-0", JSON.stringify(base), JSON.stringify(changed(edit))).refusals,
    ).toEqual([]);
  });

  test.each([
    ["broker-a-1", "begins on the new machine with its master's last commit log file"],
    ["namesrv-0", "when brokers and exporter know the new one"],
    ["exporter", "when it answers on the new one"],
  ])("another machine for %s is one line", (node, what) => {
    const from: NodeState = {
      node,
      host: "b1",
      address: "10.0.0.3:1",
      release: { version: "5.5.0", conf: { brokerIP1: "10.0.0.3" } },
    };
    const to = {
      ...from,
      host: "b9",
      address: "10.0.0.9:1",
      release: { version: "5.5.0", conf: { brokerIP1: "10.0.0.9", inSyncReplicas: "2" } },
    };
    const [before, after] = [JSON.stringify(from), JSON.stringify(to)];
    const verdict = judge(node, before, after);
    expect(verdict.refusals).toEqual([]);
    expect(verdict.lines).toEqual([expect.stringContaining(`${node}: moves from b1 to b9: `)]);
    expect(verdict.lines[0]).toContain(what);
    expect(verdict.warnings).toEqual([expect.stringContaining("its master waits")]);
    expect(judgeRollout(node, before, after, { alone: false }).lines).toEqual([]);
    // What may not be is refused all the same.
    const other = JSON.stringify({ ...to, cluster: "other" });
    expect(judge(node, before, other).refusals).toHaveLength(1);
  });
});

test("a name server keeps its port, a broker need not", () => {
  const moved = (node: string) => {
    const [from, to] = ["9876", "9877"].map((port) =>
      JSON.stringify({
        node,
        host: "b1",
        address: `10.0.0.3:${port}`,
        ...(node.startsWith("broker") ? { identity: { brokerId: 0 } } : {}),
        release: { version: "5.5.0", conf: { listenPort: port } },
      }),
    );
    return judge(node, from, to).refusals;
  };
  expect(moved("namesrv-0")).toEqual([
    expect.stringMatching(
      /^namesrv-0: listenPort 9876 -> 9877, refused: .* set ports.namesrv back/,
    ),
  ]);
  expect(moved("broker-a-0")).toEqual([]);
});

describe("a slave that would move because others are placed anew", () => {
  const [before, after] = ["3", "9"].map((n) =>
    JSON.stringify({
      node: "broker-a-1",
      host: `b${n}`,
      address: `10.0.0.${n}:10911`,
      identity: { brokerId: 1 },
      release: { version: "5.5.0", conf: { brokerIP1: `10.0.0.${n}` } },
    }),
  );

  test("is refused, with the way to have it stay or go", () => {
    const verdict = judge("broker-a-1", before, after, undefined, new Set(["b3", "b9"]));
    expect(verdict).toEqual({
      lines: [],
      warnings: [],
      refusals: [expect.stringMatching(/^broker-a-1: host b3 -> b9, refused: /)],
    });
    expect(verdict.refusals[0]).toContain("name the machines of each group in `groups`");
  });

  test("may where its machine is gone, or the program says so", () => {
    for (const stays of [new Set(["b9"]), new Set<string>(), undefined]) {
      expect(judge("broker-a-1", before, after, undefined, stays)).toMatchObject({
        lines: [expect.stringContaining("broker-a-1: moves from b3 to b9")],
        refusals: [],
      });
    }
  });
});

describe("versions", () => {
  const judged = (version: string, conf: Record<string, string> = {}) =>
    judge(
      "broker-a-0",
      JSON.stringify(base),
      JSON.stringify(
        changed((d) => {
          d.release.version = version;
          Object.assign(d.release.conf, conf);
        }),
      ),
    );

  test("an upgrade is a rolling restart", () => {
    expect(judged("5.5.1").lines).toEqual(["broker-a-0: version 5.5.0 -> 5.5.1, rolling restart"]);
  });

  test("going back below 5 is told of", () => {
    expect(judged("4.9.7")).toMatchObject({
      lines: ["broker-a-0: version 5.5.0 -> 4.9.7, rolling restart"],
      warnings: [expect.stringContaining("5.5.0 -> 4.9.7: 4.9 delivers no messages")],
      refusals: [],
    });
  });

  test("what would open the cluster to everybody is refused", () => {
    expect(judged("5.2.0", { authenticationEnabled: "true" }).refusals).toEqual([
      expect.stringContaining("version 5.5.0 -> 5.2.0, refused: ACL 2.0"),
    ]);
  });
});

describe("a rollout", () => {
  const told = (edit: (d: typeof base) => void, alone = false) =>
    judgeRollout("broker-a-0", JSON.stringify(base), JSON.stringify(changed(edit)), {
      alone,
      drain: () => 30,
    });

  test("restarts for what a start depends on", () => {
    expect(told((d) => (d.release.jvm.heap.mb = 2048)).lines).toEqual([
      "broker-a-0: restarts, 30 s after it was closed for writes",
    ]);
  });

  test("of a slave closes nothing", () => {
    const slave = changed((d) => (d.identity.brokerId = 1));
    const to = structuredClone(slave);
    to.release.version = "5.3.3";
    expect(
      judgeRollout("s", JSON.stringify(slave), JSON.stringify(to), { alone: false }).lines,
    ).toEqual(["s: restarts"]);
  });

  test("of the only group is an outage", () => {
    const verdict = told((d) => (d.release.version = "5.3.3"), true);
    expect(verdict.warnings).toEqual([expect.stringContaining("sends fail until it is back")]);
  });

  test("of the only name server is told to those who start clients", () => {
    const [from, to] = ["5.3.3", "5.5.0"].map((version) =>
      JSON.stringify({ node: "namesrv-0", release: { version } }),
    );
    expect(judgeRollout("namesrv-0", from, to, { alone: true })).toEqual({
      lines: ["namesrv-0: restarts"],
      warnings: [expect.stringContaining("is the only name server")],
      refusals: [],
    });
    expect(judgeRollout("namesrv-0", from, to, { alone: false }).warnings).toEqual([]);
  });

  test("for another Java is one only where it is taken", () => {
    const [from, to] = [17, 21].map((max) =>
      JSON.stringify({ node: "namesrv-0", release: { java: { max } } }),
    );
    expect(judgeRollout("namesrv-0", from, to, { alone: true })).toEqual({
      lines: ["namesrv-0: restarts where another Java is taken"],
      warnings: [],
      refusals: [],
    });
  });

  test("without a drain says nothing of one", () => {
    const to = JSON.stringify(changed((d) => (d.release.version = "5.3.3")));
    expect(judgeRollout("b", JSON.stringify(base), to, { alone: false }).lines).toEqual([
      "b: restarts",
    ]);
  });

  test("that is read otherwise restarts nothing", () => {
    expect(told((d) => (d.format = 2), true)).toEqual({
      lines: ["broker-a-0: nothing that it runs with: no restart"],
      warnings: [],
      refusals: [],
    });
  });

  test("over another connection says nothing", () => {
    expect(told(() => {}, true).lines).toEqual([]);
  });
});

test.each([
  ["builtin", "applied online"],
  ["jar", "restarts the exporter only"],
])("name servers of a %s exporter: %s", (source, cost) => {
  const from = { node: "exporter", source, namesrv: ["a:1"] };
  const to = { ...from, namesrv: ["a:1", "b:1"] };
  expect(judge("exporter", JSON.stringify(from), JSON.stringify(to)).lines).toEqual([
    `exporter: namesrv ["a:1"] -> ["a:1","b:1"], ${cost}`,
  ]);
});

test("an exporter restarts alone", () => {
  const from = { node: "exporter", source: "builtin", interval: 15 };
  expect(judge("exporter", JSON.stringify(from), JSON.stringify({ ...from, interval: 5 }))).toEqual(
    {
      lines: ["exporter: interval 15 -> 5, restarts the exporter only"],
      warnings: [],
      refusals: [],
    },
  );
});

describe("a machine", () => {
  const host = {
    host: "mq1",
    cluster: "orders",
    paths: { deploy: "/opt/rocketmq", data: "/data/rocketmq" },
    user: "rocketmq",
    os: { sysctl: { "vm.swappiness": "1" }, strict: false },
    java: { min: 8, max: 21 },
    package: { version: "5.3.3", url: "https://a/5.3.3.zip" },
  };
  const told = (edit: (d: typeof host) => void) => {
    const to = structuredClone(host);
    edit(to);
    return judge("mq1", JSON.stringify(host), JSON.stringify(to));
  };

  test.each<[string, (d: typeof host) => void, string]>([
    [
      "a kernel setting",
      (d) => (d.os.sysctl["vm.swappiness"] = "10"),
      "mq1: os.sysctl.vm.swappiness 1 -> 10, applied online",
    ],
    [
      "a version, once",
      (d) => (d.package = { version: "5.5.0", url: "https://a/5.5.0.zip" }),
      "mq1: package.version 5.3.3 -> 5.5.0, installed beside what runs",
    ],
    [
      "another source of the same",
      (d) => (d.package.url = "https://b/5.3.3.zip"),
      "mq1: package.url https://a/5.3.3.zip -> https://b/5.3.3.zip, installed beside what runs",
    ],
    ["Java", (d) => (d.java.max = 17), "mq1: java.max 21 -> 17, installed beside what runs"],
  ])("tells %s", (_, edit, line) => {
    expect(told(edit)).toEqual({ lines: [line], warnings: [], refusals: [] });
  });
});

test("a machine leaves it to its nodes to say what may not be", () => {
  const [from, to] = ["orders", "sales"].map((cluster) =>
    JSON.stringify({ host: "mq1", cluster, package: { version: "5.5.0" } }),
  );
  expect(judge("mq1", from, to)).toEqual({ lines: [], warnings: [], refusals: [] });
});

test("a registration is entered anew, and nothing of the way to Consul is shown", () => {
  const from = {
    node: "exporter",
    consul: { url: "http://127.0.0.1:8500", token: "f0e1" },
    service: { name: "rocketmq-exporter", port: 5557 },
  };
  const to = structuredClone(from);
  to.consul.token = "d2c3";
  const judged = () => judge("exporter", JSON.stringify(from), JSON.stringify(to)).lines;
  expect(judged()).toEqual(["exporter: connection only, no restart"]);
  to.service.port = 5558;
  expect(judged()).toEqual(["exporter: service.port 5557 -> 5558, applied online"]);
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

describe("a new reconcile", () => {
  const [from, to] = [base, { ...base, reconcile: "now" }].map((d) => JSON.stringify(d));
  const and = JSON.stringify({
    ...changed((d) => (d.release.conf.flushDiskType = "SYNC_FLUSH")),
    reconcile: "now",
  });

  test("is told as what it does, once for a node", () => {
    expect(judge("broker-a-0", from, to).lines).toEqual([
      "broker-a-0: reconcile: checks and repairs; restarts only what drifted",
    ]);
    expect(judgeRollout("broker-a-0", from, to, { alone: true })).toEqual({
      lines: [],
      warnings: [],
      refusals: [],
    });
  });

  test("is told beside changes, which cost what they cost", () => {
    expect(judge("broker-a-0", from, and).lines).toEqual([
      "broker-a-0: reconcile: checks and repairs; restarts only what drifted",
      "broker-a-0: flushDiskType ASYNC_FLUSH -> SYNC_FLUSH, rolling restart",
    ]);
    expect(judgeRollout("broker-a-0", from, and, { alone: false }).lines).toHaveLength(1);
  });

  test("that is taken out again does nothing", () => {
    expect(judge("broker-a-0", to, from).lines).toEqual([
      "broker-a-0: reconcile (unset), no restart",
    ]);
  });
});
