import { Bed } from "../../src/bed";
import { type Client, type LoadResult, prepareClient } from "../../src/client";
import type { ConfigValue } from "../../src/configValues";
import { brokerConfig } from "../../src/remoting";
import type { Stack } from "../../src/stack";
import { PLAYBOOK, runPlaybook } from "./playbook";

const TOPIC = "ORDERS";
/** How often clients read routes here, instead of every 30 s, and how long a drain takes then. */
const POLL_MS = 5_000;
const DRAIN_SECONDS = 8;
const JVM = ["-XX:-UseG1GC", "-XX:+UseSerialGC"];

/** A process of RocketMQ on a machine. */
export interface JavaProcess {
  pid: string;
  /** Start, in ticks since the machine's boot: with the pid, the same process and no other. */
  started: string;
  unit: string;
  user: string;
}

/** What the playbook leaves on three machines, and a stack that is to take it over. */
export class AdoptBed {
  /** Slot to machine. */
  readonly nodes = {
    "namesrv-0": "h1",
    "broker-a-0": "h1",
    "broker-a-1": "h2",
    "broker-b-0": "h3",
  };

  private constructor(
    readonly bed: Bed,
    readonly client: Client,
    readonly stack: Stack,
    readonly version: string,
  ) {}

  static async up(version: string): Promise<AdoptBed> {
    const client = await prepareClient();
    const bed = await Bed.up({
      name: "adopt",
      net: "10.243.0",
      bridge: "brad",
      hosts: 3,
      versions: [version],
    });
    const stack = await bed.stack("adopt", {});
    return new AdoptBed(bed, client, stack, version);
  }

  get namesrv(): string {
    return `${this.bed.address("h1")}:9876`;
  }

  /** The cluster as the playbook builds it, with a topic. */
  async playbook(): Promise<void> {
    const base = { version: this.version, cluster: "old", namesrvAddr: this.namesrv };
    const roles = [
      ["h1", "broker-a", 0, "ASYNC_MASTER"],
      ["h2", "broker-a", 1, "SLAVE"],
      ["h3", "broker-b", 0, "ASYNC_MASTER"],
    ] as const;
    await Promise.all(
      roles.map(([host, brokerName, brokerId, brokerRole]) =>
        runPlaybook(this.bed, host, {
          ...base,
          namesrv: host === "h1",
          exporter: host === "h1",
          broker: { brokerName, brokerId, brokerRole },
        }),
      ),
    );
    const create = `${PLAYBOOK.deploy}/bin/mqadmin updateTopic -n ${this.namesrv} -c old -t ${TOPIC} -r 4 -w 4 -o true`;
    const list = `${PLAYBOOK.deploy}/bin/mqadmin clusterList -n ${this.namesrv}`;
    await this.bed.hosts.check(
      "h1",
      `. /etc/profile; for i in $(seq 60); do [ "$(${list} 2>/dev/null | grep -c broker-)" = 3 ] && break; done; ${create}`,
    );
  }

  /** Sets the whole configuration. */
  async configure(more: Record<string, ConfigValue> = {}): Promise<void> {
    const { brokerConfig = {}, ...rest } = more as { brokerConfig?: Record<string, string> };
    await this.bed.reconfigure(this.stack, {
      clusterName: "old",
      version: this.version,
      adopt: true,
      storePathRootDir: PLAYBOOK.store,
      nameServers: 1,
      machines: this.bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
      groups: [
        { key: "a", machines: ["h1", "h2"] },
        { key: "b", machines: ["h3"] },
      ],
      package: { mirror: this.bed.mirrorUrl },
      namesrvJvm: { heapMb: 80, options: JVM },
      brokerJvm: { heapMb: 160, directMemoryMb: 160, options: JVM },
      timeouts: { drain: DRAIN_SECONDS },
      // As high as it goes: the hosts' disk is this machine's, however full it is.
      brokerConfig: { diskMaxUsedSpaceRatio: "84", ...brokerConfig },
      ...rest,
    });
  }

  /** The RocketMQ server of each node. */
  async processes(): Promise<Record<string, JavaProcess | undefined>> {
    const entries = await Promise.all(
      Object.entries(this.nodes).map(async ([slot, host]) => {
        const main = slot.startsWith("namesrv") ? "NamesrvStartup" : "BrokerStartup";
        const text = await this.bed.hosts.check(
          host,
          `for p in $(pgrep -f 'java .*org.apache.rocketmq.*[.]${main}'); do ` +
            `[ "$(basename $(readlink /proc/$p/exe))" = java ] || continue; ` +
            `echo $p $(cut -d' ' -f22 /proc/$p/stat) $(grep -o '[^/]*[.]service$' /proc/$p/cgroup | tail -1) $(stat -c %U /proc/$p); done`,
        );
        const lines = text.trim().split("\n").filter(Boolean);
        if (lines.length > 1) {
          throw new Error(`${slot} runs more than once on ${host}:\n${text}`);
        }
        const [pid = "", started = "", unit = "", user = ""] = (lines[0] ?? "").split(" ");
        return [slot, pid === "" ? undefined : { pid, started, unit, user }] as const;
      }),
    );
    return Object.fromEntries(entries);
  }

  /** Waits until every node runs and every broker is registered. */
  async allUp(): Promise<void> {
    for (let i = 0; i < 90; i++) {
      const found = await this.processes();
      const list = await this.bed.hosts.ssh(
        "h1",
        `. /etc/profile; ${PLAYBOOK.deploy}/bin/mqadmin clusterList -n ${this.namesrv} 2>/dev/null | grep -c broker-`,
      );
      if (Object.values(found).every(Boolean) && list.stdout.trim() === "3") {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    throw new Error("not everything is up");
  }

  /** A key as a running broker has it, and as the file of its old unit says. */
  async key(slot: "broker-a-0" | "broker-a-1" | "broker-b-0", key: string) {
    const host = this.nodes[slot];
    const file = await this.bed.hosts.check(host, `grep '^${key}=' ${PLAYBOOK.conf} || true`);
    const live = await brokerConfig(`${this.bed.address(host)}:10911`);
    return { file: file.trim().split("=")[1], live: live[key] };
  }

  /** Does something while messages flow; what users of the cluster noticed of it. */
  async underLoad(work: () => Promise<unknown>): Promise<LoadResult> {
    const load = await this.client.startLoad({
      namesrv: this.namesrv,
      topic: TOPIC,
      rate: 50,
      poll: POLL_MS,
    });
    try {
      await work();
    } catch (error) {
      await load.stop();
      throw error;
    }
    return load.stop();
  }

  produce(count: number) {
    return this.client.produce({
      namesrv: this.namesrv,
      topic: TOPIC,
      count,
      sendTimeout: 20_000,
    });
  }

  consume(group: string, keys: string, count: number) {
    return this.client.consume({
      namesrv: this.namesrv,
      topic: TOPIC,
      group,
      keys,
      count,
      timeout: 90,
    });
  }
}
