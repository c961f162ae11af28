import { promiseOf, Recorder } from "./testing";
import { RocketMQCluster } from "./rocketMQCluster";

const machines = ["h1", "h2", "h3", "h4", "h5"].map((name, i) => ({
  name,
  address: `10.0.0.${i + 1}`,
  roles: i === 0 ? (["namesrv"] as const).slice() : (["broker"] as const).slice(),
}));

async function deployed(args: Partial<ConstructorParameters<typeof RocketMQCluster>[1]> = {}) {
  const recorder = new Recorder();
  const cluster = new RocketMQCluster("mq", {
    machines,
    brokerGroups: 2,
    exporter: { enabled: false },
    ...args,
  });
  await recorder.settle();
  return { recorder, cluster };
}

test("nothing waits, and whoever takes a group out is asked first, by its master", async () => {
  const { recorder } = await deployed();
  const names = recorder.resources.map(({ name }) => name);
  expect(names.filter((name) => name.endsWith("-decommission"))).toEqual([]);
  expect(names.filter((name) => name.endsWith("-may-go"))).toEqual([
    "mq-broker-a-0-may-go",
    "mq-broker-b-0-may-go",
  ]);
  expect(await recorder.dependencies("mq-broker-b-0-may-go")).toEqual(["mq-broker-b-0-rollout"]);
  // Not where the whole cluster goes.
  const options = recorder.optionsOf("mq-broker-b-0-may-go");
  expect(await promiseOf((options?.deletedWith as never as { urn: never }).urn)).toContain("::mq");
  expect(recorder.document("mq-broker-b-0-config")).not.toHaveProperty("decommission");
});

test("a group that is taken out is closed by its master's first step, and waited for", async () => {
  const { recorder } = await deployed({
    decommission: ["b"],
    ignoreGroups: ["old"],
    ignoreTopics: ["%DLQ%old"],
    timeouts: { decommission: 60, drain: 5 },
  });
  expect(recorder.document("mq-broker-b-0-config")).toMatchObject({ decommission: { seconds: 5 } });
  for (const other of ["broker-b-1", "broker-a-0"]) {
    expect(recorder.document(`mq-${other}-config`)).not.toHaveProperty("decommission");
  }
  const { inputs } = recorder.named("mq-broker-b-0-decommission");
  expect(inputs["create"]).toBe("sh .rocketmq-agent broker-decommission");
  expect(inputs["delete"]).toBeUndefined();
  expect(recorder.document("mq-broker-b-0-decommission")).toMatchObject({
    node: "broker-b-0",
    ignoreGroups: ["old"],
    ignoreTopics: ["%DLQ%old"],
    seconds: 5,
    timeout: 60,
  });
  expect(recorder.optionsOf("mq-broker-b-0-decommission")?.customTimeouts).toEqual({
    create: "360s",
    update: "360s",
  });
  expect(recorder.document("mq-broker-b-0-may-go")).toMatchObject({ ignoreGroups: ["old"] });
});

test("what is taken out is no restart", async () => {
  const before = await deployed();
  const after = await deployed({ decommission: ["b"], lost: ["h2"] });
  for (const slot of ["a-0", "a-1", "b-0", "b-1"]) {
    const step = `mq-broker-${slot}-rollout`;
    expect(after.recorder.document(step)).toEqual(before.recorder.document(step));
  }
});

test("of a lost machine nothing changes any more, and a removal leaves the state alone", async () => {
  const { recorder } = await deployed({ lost: ["h4"] });
  const kept = recorder.resources
    .filter(({ type }) => type.startsWith("command:"))
    .filter(({ name }) => recorder.optionsOf(name)?.retainOnDelete === true);
  expect(kept.map(({ name }) => name).sort()).toEqual([
    "mq-broker-b-0-config",
    "mq-broker-b-0-may-go",
    "mq-broker-b-0-rollout",
    "mq-host-h4-agent",
    "mq-host-h4-preflight",
    "mq-host-h4-setup",
  ]);
  for (const { name, inputs } of kept) {
    const ignored = recorder.optionsOf(name)?.ignoreChanges ?? [];
    expect(Object.keys(inputs).filter((key) => !ignored.includes(key))).toEqual([]);
  }
});

test("what may be the only copy of a lost master's messages is not purged", async () => {
  const { recorder } = await deployed({ lost: ["h4"], purge: true });
  const removal = (slot: string) => recorder.named(`mq-broker-${slot}-config`).inputs["delete"];
  expect(removal("b-1")).toContain("broker-delete");
  expect(removal("a-1")).toContain("broker-purge");
  expect(removal("a-0")).toContain("broker-purge");
  const slave = await deployed({ lost: ["h5"], purge: true });
  expect(slave.recorder.named("mq-broker-b-0-config").inputs["delete"]).toContain("broker-purge");
});

test("what is lost with a machine is told", async () => {
  const master = await deployed({ lost: ["h4"] });
  expect(master.recorder.warnings.join()).toContain(
    "broker-b-0 was the master of group b: what it had not given to broker-b-1 is lost",
  );
  const both = await deployed({ lost: ["h4", "h5"] });
  expect(both.recorder.warnings.join()).toContain(
    "broker-b-0 was all that was left of group b: every message in it that was not read is lost",
  );
  const slave = await deployed({ lost: ["h5"] });
  expect(slave.recorder.warnings.join()).toContain("no message is lost with it");
});
