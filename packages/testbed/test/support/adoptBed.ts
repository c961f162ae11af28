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

/** Brokers by slot; the name server is on the first machine. */
export const ONE_BROKER = { "broker-a-0": "h1" } as const;
export const THREE_BROKERS = {
  "broker-a-0": "h1",
  "broker-a-1": "h2",
  "broker-b-0": "h3",
} as const;

/** What the playbook leaves on some machines, one broker on each, and a stack that is to take it over. */
export class AdoptBed {
  /** Slot to machine. */
  readonly nodes: Readonly<Record<string, string>>;

  private constructor(
    readonly bed: Bed,
    readonly client: Client,
    readonly stack: Stack,
    readonly version: string,
    readonly brokers: Readonly<Record<string, string>>,
  ) {
    this.nodes = { "namesrv-0": "h1", ...brokers };
  }

  static async up(
    version: string,
    brokers: Readonly<Record<string, string>> = THREE_BROKERS,
  ): Promise<AdoptBed> {
    const client = await prepareClient();
    const bed = await Bed.up({
      name: "adopt",
      net: "10.243.0",
      bridge: "brad",
      hosts: Object.keys(brokers).length,
      versions: [version],
    });
    const stack = await bed.stack("adopt", {});
    return new AdoptBed(bed, client, stack, version, brokers);
  }

  get namesrv(): string {
    return `${this.bed.address("h1")}:9876`;
  }

  /** The cluster as the playbook builds it, with a topic. */
  async playbook(): Promise<void> {
    const base = { version: this.version, cluster: "old", namesrvAddr: this.namesrv };
    await Promise.all(
      Object.entries(this.brokers).map(([slot, host]) => {
        const [, key, id] = slot.split("-");
        return runPlaybook(this.bed, host, {
          ...base,
          namesrv: host === "h1",
          exporter: host === "h1",
          broker: {
            brokerName: `broker-${key}`,
            brokerId: Number(id),
            brokerRole: id === "0" ? "ASYNC_MASTER" : "SLAVE",
          },
        });
      }),
    );
    const create = `${PLAYBOOK.deploy}/bin/mqadmin updateTopic -n ${this.namesrv} -c old -t ${TOPIC} -r 4 -w 4 -o true`;
    const list = `${PLAYBOOK.deploy}/bin/mqadmin clusterList -n ${this.namesrv}`;
    await this.bed.hosts.check(
      "h1",
      `. /etc/profile; for i in $(seq 60); do [ "$(${list} 2>/dev/null | grep -c broker-)" = ${Object.keys(this.brokers).length} ] && break; done; ${create}`,
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
      groups: [...new Set(Object.keys(this.brokers).map((slot) => slot.split("-")[1] ?? ""))].map(
        (key) => ({
          key,
          machines: Object.keys(this.brokers)
            .filter((slot) => slot.startsWith(`broker-${key}-`))
            .map((slot) => this.brokers[slot] ?? ""),
        }),
      ),
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
      if (
        Object.values(found).every(Boolean) &&
        list.stdout.trim() === String(Object.keys(this.brokers).length)
      ) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    throw new Error("not everything is up");
  }

  /** A key as a running broker has it, and as the file of its old unit says. */
  async key(slot: string, key: string) {
    const host = this.brokers[slot] ?? "";
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
