import * as pulumi from "@pulumi/pulumi";
import { RocketMQCluster } from "./rocketMQCluster";
import { GUARD_SUFFIX } from "./destroyGuard";
import { Recorder } from "./testing";

const GUARD = `mq-${GUARD_SUFFIX}`;
const machines = ["h1", "h2", "h3"].map((name, i) => ({ name, address: `10.0.0.${i + 1}` }));

async function deployed(args: Partial<ConstructorParameters<typeof RocketMQCluster>[1]> = {}) {
  const recorder = new Recorder();
  new RocketMQCluster("mq", { machines, connection: { privateKey: "key" }, ...args });
  await recorder.settle();
  return recorder;
}

test("the name tells what to do, since Pulumi's refusal shows nothing else of it", () => {
  expect(GUARD).toBe("mq-destroy-guard-set-allowDestroy-and-run-pulumi-up-first");
});

test.each([
  ["consul:8500", "catalog" as const],
  ["http://127.0.0.1:8500", "agent" as const],
])("nothing of the cluster goes before the guard (Consul at %s)", async (address, through) => {
  const recorder = await deployed({ consul: { address, through } });
  const below = new Set<string>();
  const look = async (name: string): Promise<void> => {
    for (const dependency of await recorder.dependencies(name)) {
      if (!below.has(dependency)) {
        below.add(dependency);
        await look(dependency);
      }
    }
  };
  await look(GUARD);
  const steps = recorder.resources.filter(({ type }) => !type.startsWith("rocketmq:"));
  expect(steps.length).toBeGreaterThan(15);
  const uncovered = steps.filter(
    ({ name, type }) => !below.has(name) && !type.startsWith("pulumi:providers:"),
  );
  expect(uncovered.map(({ name }) => name)).toEqual([]);
});

test("protected until it is said that the cluster may go, and nothing but that changes", async () => {
  const [kept, free] = [await deployed(), await deployed({ allowDestroy: true })];
  expect(kept.optionsOf(GUARD)?.protect).toBe(true);
  // Not false, which would overrule a protection that the user gave the whole cluster.
  expect(free.optionsOf(GUARD)?.protect).toBeUndefined();
  const children = ({ resources }: Recorder) => resources.filter(({ name }) => name !== "mq");
  expect(children(free)).toEqual(children(kept));
});

test("behind a bastion it is said how to destroy without a rush of logins", async () => {
  const info = jest.spyOn(pulumi.log, "info").mockResolvedValue(undefined);
  const bastion = { bastion: { host: "192.0.2.1" } };
  const many = Array.from({ length: 9 }, (_, i) => ({ name: `m${i}`, address: `10.0.1.${i}` }));
  await deployed({ allowDestroy: true, machines: many });
  await deployed({ allowDestroy: true, connection: bastion });
  await deployed({ machines: many, connection: bastion });
  expect(info).not.toHaveBeenCalled();
  await deployed({ allowDestroy: true, machines: many, connection: bastion });
  expect(info).toHaveBeenCalledTimes(1);
  expect(info.mock.calls[0]?.[0]).toContain("pulumi destroy --parallel 8");
});

test("purge is in the removals alone", async () => {
  const [kept, purged] = [await deployed(), await deployed({ purge: true })];
  const verb = (recorder: Recorder, name: string) =>
    String(recorder.named(name).inputs["delete"]).split(" ").pop();
  for (const [step, keep, purge] of [
    ["mq-namesrv-0-config", "namesrv-delete", "namesrv-purge"],
    ["mq-broker-a-1-config", "broker-delete", "broker-purge"],
    ["mq-exporter-service", "exporter-delete", "exporter-purge"],
    ["mq-host-h1-setup", "host-delete", "host-delete"],
  ] as const) {
    expect([verb(kept, step), verb(purged, step)]).toEqual([keep, purge]);
  }
  for (const { name, inputs } of purged.resources) {
    expect([name, inputs["stdin"]]).toEqual([name, kept.named(name).inputs["stdin"]]);
  }
});

test("an output does not decide whether the cluster may go", async () => {
  const recorder = new Recorder();
  const allowDestroy = pulumi.output(true) as unknown as boolean;
  expect(() => new RocketMQCluster("mq", { machines, allowDestroy })).toThrow(/allowDestroy/);
  await recorder.settle();
});
