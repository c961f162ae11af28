import * as fc from "fast-check";
import type { ClusterShape, MachineShape } from "../spec/resolved";
import { groupKeys } from "./groupKeys";
import { machinesToStayOn, placeCluster, tryPlaceCluster } from "./place";
import type { Topology } from "./types";

const ALL: MachineShape["roles"] = ["namesrv", "broker", "exporter"];

function machines(count: number, from: Partial<MachineShape> = {}): MachineShape[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `m${index + 1}`,
    roles: ALL,
    ...from,
  }));
}

function shape(overrides: Partial<ClusterShape> = {}): ClusterShape {
  return {
    machines: machines(4),
    nameServers: 2,
    groups: [{ key: "a" }],
    replicasPerGroup: 2,
    brokersPerMachine: 1,
    ports: { namesrv: 9876, broker: 10911 },
    exporter: { source: "builtin", port: 5557 },
    maxUnavailable: 1,
    ...overrides,
  };
}

function groups(count: number): ClusterShape["groups"] {
  return groupKeys(count).map((key) => ({ key }));
}

/** slot -> machine and port, what must not change under a running cluster. */
function places(topology: Topology): Record<string, string> {
  return Object.fromEntries([
    ...topology.namesrvs.map((slot) => [slot.slot, `${slot.machine}:${slot.port}`]),
    ...topology.brokers.map((slot) => [slot.slot, `${slot.machine}:${slot.ports.listen}`]),
    ...(topology.exporter ? [["exporter", topology.exporter.machine]] : []),
  ]) as Record<string, string>;
}

function rules(overrides: Partial<ClusterShape>): string[] {
  return tryPlaceCluster(shape(overrides)).errors.map(({ path, rule }) => `${path} ${rule}`);
}

describe("examples", () => {
  test("the classic five machines: two name servers, a master, a slave, the exporter", () => {
    const five: MachineShape[] = [
      { name: "ns1", roles: ["namesrv"] },
      { name: "ns2", roles: ["namesrv"] },
      { name: "b1", roles: ["broker"] },
      { name: "b2", roles: ["broker"] },
      { name: "ex", roles: ["exporter"] },
    ];
    const topology = placeCluster(shape({ machines: five }));
    expect(places(topology)).toEqual({
      "namesrv-0": "ns1:9876",
      "namesrv-1": "ns2:9876",
      "broker-a-0": "b1:10911",
      "broker-a-1": "b2:10911",
      exporter: "ex",
    });
    expect(topology.hosts.map(({ machine, roles }) => [machine, ...roles])).toEqual([
      ["ns1", "namesrv"],
      ["ns2", "namesrv"],
      ["b1", "broker"],
      ["b2", "broker"],
      ["ex", "exporter"],
    ]);
    expect(topology.hosts[2]?.ports).toEqual({
      "10909": "broker-a-0",
      "10911": "broker-a-0",
      "10912": "broker-a-0",
    });
    expect(topology.warnings).toEqual([]);
  });

  test("without roles the first machines share, and idle machines are told", () => {
    const topology = placeCluster(shape());
    expect(places(topology)).toEqual({
      "namesrv-0": "m1:9876",
      "namesrv-1": "m2:9876",
      "broker-a-0": "m1:10911",
      "broker-a-1": "m2:10911",
      exporter: "m1",
    });
    expect(topology.warnings).toEqual([
      "m3, m4 carry nothing while m1, m2 carry a name server and a broker; give machines roles before the first deployment to keep them apart",
    ]);
  });

  test("one idle machine is told in the singular", () => {
    const { machines } = shape();
    const { warnings } = placeCluster({ ...shape(), machines: machines.slice(0, 3) });
    expect(warnings).toEqual([expect.stringMatching(/^m3 carries nothing while m1, m2 carry a/)]);
  });

  test("two groups crosswise on two machines, each with a port triple of its own", () => {
    const topology = placeCluster(
      shape({ machines: machines(2), groups: groups(2), brokersPerMachine: 2 }),
    );
    expect(
      topology.brokers.map(({ slot, machine, ports }) => [slot, machine, ports.listen]),
    ).toEqual([
      ["broker-a-0", "m1", 10911],
      ["broker-a-1", "m2", 10911],
      ["broker-b-0", "m2", 11011],
      ["broker-b-1", "m1", 11011],
    ]);
    expect(topology.brokers[2]?.ports).toEqual({ listen: 11011, fast: 11009, ha: 11012 });
  });

  test("explicit machines: the master's first", () => {
    const topology = placeCluster(
      shape({
        nameServerMachines: ["m4", "m2"],
        groups: [{ key: "left", machines: ["m3", "m1"], port: 20911 }, { key: "right" }],
        exporter: { source: "builtin", port: 5557, machine: "m4" },
      }),
    );
    expect(places(topology)).toEqual({
      "namesrv-0": "m4:9876",
      "namesrv-1": "m2:9876",
      "broker-left-0": "m3:20911",
      "broker-left-1": "m1:20911",
      "broker-right-0": "m2:10911",
      "broker-right-1": "m4:10911",
      exporter: "m4",
    });
  });

  test("name servers that keep their numbers when another one is taken out", () => {
    const { namesrvs } = placeCluster(
      shape({ nameServerMachines: ["m4", "m2"], nameServerNumbers: [1, 2] }),
    );
    expect(namesrvs.map(({ slot, machine }) => [slot, machine])).toEqual([
      ["namesrv-1", "m4"],
      ["namesrv-2", "m2"],
    ]);
  });

  test("the brokers of a group are in different zones", () => {
    const zoned = machines(4).map((machine, index) => ({
      ...machine,
      zone: index < 2 ? "z1" : "z2",
    }));
    const topology = placeCluster(shape({ machines: zoned, groups: groups(2) }));
    expect(topology.brokers.map(({ machine }) => machine)).toEqual(["m1", "m3", "m2", "m4"]);
  });
});

describe("what cannot be placed is said", () => {
  test.each<[string, Partial<ClusterShape>, string[]]>([
    ["too few for name servers", { nameServers: 5 }, ["nameServers too-few-machines"]],
    ["too few for a group", { replicasPerGroup: 5 }, ["replicasPerGroup too-few-machines"]],
    ["too few for all groups", { groups: groups(4) }, ["brokerGroups too-few-machines"]],
    [
      "unknown machine",
      { groups: [{ key: "a", machines: ["m1", "m9"] }] },
      ["groups[0].machines[1] unknown-machine"],
    ],
    [
      "one machine twice in a group",
      { groups: [{ key: "a", machines: ["m1", "m1"] }] },
      ["groups[0].machines[1] machine-twice"],
    ],
    [
      "a machine that may not",
      { machines: machines(2, { roles: ["broker"] }), nameServerMachines: ["m1"] },
      ["nameServerMachines[0] wrong-role", "exporter too-few-machines"],
    ],
    [
      "exporter on the broker's port",
      { exporter: { source: "builtin", port: 10912 } },
      ["exporter.port port-collision"],
    ],
    [
      "two groups on one port",
      {
        groups: [
          { key: "a", machines: ["m1"], port: 10911 },
          { key: "b", machines: ["m1"], port: 10911 },
        ],
      },
      ["ports.broker port-collision"],
    ],
    [
      "a port that is none",
      { ports: { namesrv: 9876, broker: 65535 } },
      ["ports.broker port-range"],
    ],
    [
      "a zone without a free machine",
      {
        machines: machines(4).map((machine, index) => ({
          ...machine,
          zone: index < 3 ? "z1" : "z2",
        })),
        groups: groups(2),
      },
      ["brokerGroups too-few-machines"],
    ],
  ])("%s", (_, overrides, expected) => {
    expect([...new Set(rules(overrides))]).toEqual(expected);
  });
});

describe("properties", () => {
  const roles = fc.constantFrom<MachineShape["roles"]>(ALL, ["namesrv"], ["broker"], ["exporter"]);
  const machineList = fc
    .tuple(
      fc.array(fc.tuple(roles, fc.nat({ max: 2 }), fc.boolean()), {
        minLength: 1,
        maxLength: 12,
      }),
      fc.constantFrom("none", "some", "all"),
    )
    .map(([list, zoned]) =>
      list.map(([role, zone, has], index): MachineShape => ({
        name: `m${index}`,
        roles: role,
        ...(zoned === "all" || (zoned === "some" && has) ? { zone: `z${zone}` } : {}),
      })),
    );
  const anyShape = fc
    .record({
      machines: machineList,
      nameServers: fc.integer({ min: 1, max: 3 }),
      groups: fc.integer({ min: 1, max: 4 }).map(groups),
      replicasPerGroup: fc.integer({ min: 1, max: 3 }),
      brokersPerMachine: fc.integer({ min: 1, max: 3 }),
    })
    .map((part) => shape({ ...part, exporter: undefined }));
  const placeable = anyShape.filter((s) => tryPlaceCluster(s).errors.length === 0);
  /** The zones that count: none unless every machine that may carry a broker has one. */
  const zonesOf = (list: MachineShape[]) => {
    const zones = list.filter((m) => m.roles.includes("broker")).map((m) => m.zone);
    return new Set(zones.includes(undefined) ? [] : zones);
  };

  test("a machine appended moves nothing, unless in a new zone that groups have waited for", () => {
    fc.assert(
      fc.property(
        placeable,
        roles,
        fc.option(fc.nat({ max: 3 }), { nil: undefined }),
        (before, role, zone) => {
          const appended: MachineShape = {
            name: "new",
            roles: role,
            ...(zone === undefined ? {} : { zone: `z${zone}` }),
          };
          const machines = [...before.machines, appended];
          const [zones, later] = [zonesOf(before.machines), zonesOf(machines)];
          // Taking zones away from all machines by one without is refused (zones-partial).
          fc.pre(zones.size === 0 || later.size > 0);
          fc.pre(later.size === zones.size || before.replicasPerGroup <= zones.size);
          const after = placeCluster({ ...before, machines });
          expect(places(after)).toEqual(places(placeCluster(before)));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a machine in a second zone attracts slaves of automatic groups: nothing else can spread them", () => {
    const zone = (name: string) => ({ zone: name });
    const before = shape({ machines: machines(2, zone("z1")) });
    const new3 = { name: "m3", roles: ALL, ...zone("z2") };
    const places3 = places(placeCluster({ ...before, machines: [...before.machines, new3] }));
    expect(places(placeCluster(before))).toMatchObject({ "broker-a-1": "m2:10911" });
    expect(places3).toMatchObject({ "broker-a-0": "m1:10911", "broker-a-1": "m3:10911" });
    // Which a preview refuses, as m2 is still there and the program does not say so.
    expect([...machinesToStayOn({ ...before, machines: [...before.machines, new3] }, "a")]).toEqual(
      ["m1", "m2", "m3"],
    );
    const explicit = [{ key: "a", machines: ["m1", "m3"] }];
    expect([...machinesToStayOn({ ...before, groups: explicit }, "a")]).toEqual([]);
  });

  test("a count raised moves nothing", () => {
    fc.assert(
      fc.property(placeable, fc.nat({ max: 2 }), fc.nat({ max: 2 }), (before, more, moreNs) => {
        const after = tryPlaceCluster({
          ...before,
          nameServers: before.nameServers + moreNs,
          groups: groups(before.groups.length + more),
        });
        fc.pre(after.errors.length === 0);
        expect(places(after.topology)).toMatchObject(places(placeCluster(before)));
      }),
      { numRuns: 500 },
    );
  });

  test("a group that gets more replicas keeps those that it has, and its master", () => {
    fc.assert(
      fc.property(placeable, fc.integer({ min: 1, max: 3 }), (any, more) => {
        const before = { ...any, groups: groups(1) };
        const after = tryPlaceCluster({
          ...before,
          replicasPerGroup: before.replicasPerGroup + more,
        });
        fc.pre(after.errors.length === 0);
        expect(places(after.topology)).toMatchObject(places(placeCluster(before)));
      }),
      { numRuns: 500 },
    );
  });

  /** The automatic placement, written down. */
  const written = (s: ClusterShape): ClusterShape => {
    const { brokers, namesrvs } = placeCluster(s);
    const machinesOf = (key: string) =>
      brokers.filter(({ groupKey }) => groupKey === key).map(({ machine }) => machine);
    return {
      ...s,
      nameServerMachines: namesrvs.map(({ machine }) => machine),
      groups: s.groups.map(({ key }) => ({ key, machines: machinesOf(key) })),
    };
  };

  test("a placement written down is the same, and then replicas of many groups move nothing", () => {
    fc.assert(
      fc.property(placeable, fc.integer({ min: 1, max: 3 }), (s, more) => {
        const before = written(s);
        expect(places(placeCluster(before))).toEqual(places(placeCluster(s)));
        const added = machines(s.groups.length * more).map((m) => ({
          ...m,
          name: `new-${m.name}`,
        }));
        const after = placeCluster({
          ...before,
          machines: [...before.machines, ...added],
          groups: before.groups.map((group, g) => ({
            ...group,
            machines: [
              ...(group.machines ?? []),
              ...added.slice(g * more, (g + 1) * more).map(({ name }) => name),
            ],
          })),
        });
        expect(places(after)).toMatchObject(places(placeCluster(before)));
        expect(after.brokers).toHaveLength(s.groups.length * (s.replicasPerGroup + more));
      }),
    );
  });

  test("a group's brokers are spread over the zones as evenly as can be", () => {
    fc.assert(
      fc.property(placeable, (s) => {
        const zones = [...zonesOf(s.machines)];
        fc.pre(zones.length > 0);
        const zoneOf = new Map(s.machines.map(({ name, zone }) => [name, zone]));
        const { brokers } = placeCluster(s);
        for (const { key } of s.groups) {
          const used = brokers
            .filter(({ groupKey }) => groupKey === key)
            .map(({ machine }) => zoneOf.get(machine));
          const counts = zones.map((zone) => used.filter((each) => each === zone).length);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test("no group has two brokers on a machine, no machine too many, no port is used twice", () => {
    fc.assert(
      fc.property(placeable, (s) => {
        const { brokers, hosts } = placeCluster(s);
        expect(brokers).toHaveLength(s.groups.length * s.replicasPerGroup);
        const groupOnMachine = brokers.map(({ groupKey, machine }) => `${groupKey} ${machine}`);
        expect(new Set(groupOnMachine).size).toBe(brokers.length);
        for (const host of hosts) {
          const carried = host.slots.filter((slot) => slot.startsWith("broker"));
          expect(carried.length).toBeLessThanOrEqual(s.brokersPerMachine);
          expect(Object.keys(host.ports)).toHaveLength(
            carried.length * 3 + (host.slots.length - carried.length),
          );
        }
      }),
    );
  });
});

test("keys of groups", () => {
  const keys = groupKeys(703);
  expect([keys[0], keys[25], keys[26], keys[27], keys[701], keys[702]]).toEqual([
    "a",
    "z",
    "aa",
    "ab",
    "zz",
    "aaa",
  ]);
  expect(new Set(keys).size).toBe(703);
});
