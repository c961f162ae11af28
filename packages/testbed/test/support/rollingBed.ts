import type { ConfigValue } from "../../src/configValues";
import { Bed } from "../../src/bed";
import {
  type Client,
  type Load,
  type LoadOptions,
  type LoadResult,
  prepareClient,
} from "../../src/client";
import { brokerConfig } from "../../src/remoting";
import type { Stack } from "../../src/stack";

/** Topic that a load writes to and reads from. */
const TOPIC = "ORDERS";
/** How often clients read routes here, instead of every 30 s, and how long a drain takes then. */
const POLL_MS = 5_000;
const DRAIN_SECONDS = 8;
/** The serial collector, as four brokers share two small machines. */
const JVM = ["-XX:-UseG1GC", "-XX:+UseSerialGC"];

/** A broker as it stands on its machine. */
export interface BrokerState {
  /** When its process started, in microseconds since the machine's boot. */
  started: string;
  /** The release that a start would run. */
  current: string;
  version: string;
}

/** Two groups of two brokers crosswise on two machines, one name server, and their stack. */
export class RollingBed {
  /** Slot to machine. */
  readonly brokers = {
    "broker-a-0": "h1",
    "broker-a-1": "h2",
    "broker-b-0": "h2",
    "broker-b-1": "h1",
  };

  /** Where each broker answers. Kept, since a stack whose update was cut off has no outputs. */
  private addresses: Record<string, string> = {};

  private constructor(
    readonly bed: Bed,
    readonly client: Client,
    readonly stack: Stack,
    private readonly version: string,
  ) {}

  static async up(name: string, net: string, bridge: string, versions: string[]) {
    const client = await prepareClient();
    const bed = await Bed.up({ name, net, bridge, hosts: 2, versions });
    const [version = ""] = versions;
    const stack = await bed.stack(name, {});
    return new RollingBed(bed, client, stack, version);
  }

  /** Sets the whole configuration: what differs from the base is in `more`. */
  async configure(more: Record<string, ConfigValue> = {}): Promise<void> {
    const { brokerJvmOptions = [], ...rest } = more as { brokerJvmOptions?: string[] };
    await this.bed.reconfigure(this.stack, {
      clusterName: "roll",
      version: this.version,
      nameServers: 1,
      brokerGroups: 2,
      brokersPerMachine: 2,
      machines: this.bed.hosts.hosts.map(({ name, address }) => ({ name, address })),
      package: { mirror: this.bed.mirrorUrl },
      exporter: { enabled: false },
      topics: { [TOPIC]: { writeQueueNums: 4, readQueueNums: 4 } },
      namesrvJvm: { heapMb: 80, options: JVM },
      brokerJvm: { heapMb: 160, directMemoryMb: 160, options: [...JVM, ...brokerJvmOptions] },
      timeouts: { drain: DRAIN_SECONDS },
      ...rest,
    });
  }

  /** Makes the cluster. */
  async deploy(): Promise<void> {
    await this.configure();
    const { code, text } = await this.stack.up();
    if (code !== 0) {
      throw new Error(`the cluster was not deployed:\n${text}`);
    }
    await this.lookUp();
  }

  /** Where the brokers are now. */
  async lookUp(): Promise<void> {
    const outputs = await this.stack.outputs<{ brokerAddresses: Record<string, string> }>();
    this.addresses = outputs.brokerAddresses;
  }

  load(more: Partial<LoadOptions> = {}): Promise<Load> {
    return this.client.startLoad({
      namesrv: `${this.bed.address("h1")}:9876`,
      topic: TOPIC,
      rate: 50,
      poll: POLL_MS,
      ...more,
    });
  }

  /** Does something while messages flow; what users of the cluster noticed of it. */
  async underLoad(
    work: () => Promise<unknown>,
    more: Partial<LoadOptions> = {},
  ): Promise<LoadResult> {
    const load = await this.load(more);
    try {
      await work();
    } catch (error) {
      await load.stop();
      throw error;
    }
    return load.stop();
  }

  /** What every broker runs and would run. */
  async states(): Promise<Record<string, BrokerState>> {
    return Object.fromEntries(
      await Promise.all(
        Object.entries(this.brokers).map(async ([slot, host]) => {
          const folder = `/opt/rocketmq/nodes/${slot}/current`;
          const text = await this.bed.hosts.check(
            host,
            `systemctl show -p ExecMainStartTimestampMonotonic --value mqbroker@${slot}; ` +
              `readlink ${folder}; grep -o '"version": "[0-9.]*"' ${folder}/release.json`,
          );
          const [started = "", current = "", version = ""] = text.trim().split("\n");
          return [slot, { started, current, version: version.replace(/[^0-9.]/g, "") }] as const;
        }),
      ),
    );
  }

  /** A key as a running broker has it, and as its file says. */
  async key(slot: keyof RollingBed["brokers"], key: string) {
    const host = this.brokers[slot];
    const file = await this.bed.hosts.check(
      host,
      `grep -s '^${key}=' /opt/rocketmq/nodes/${slot}/current/conf/broker.conf || true`,
    );
    const live = await brokerConfig(this.addresses[slot] ?? "").catch(() => undefined);
    return { file: file.trim().split("=")[1], live: live?.[key] };
  }

  /** Nothing is closed for writes, nor would be after a restart, and nothing waits to be opened. */
  async closed(): Promise<string[]> {
    const slots = Object.keys(this.brokers) as (keyof RollingBed["brokers"])[];
    const keys = await Promise.all(slots.map((slot) => this.key(slot, "brokerPermission")));
    const units = await Promise.all(
      ["h1", "h2"].map((host) =>
        this.bed.hosts.check(host, "ls /etc/systemd/system | grep rocketmq-reopen || true"),
      ),
    );
    return [
      ...slots.filter((_, i) => keys[i]?.live !== "6" || (keys[i]?.file ?? "6") !== "6"),
      ...units.filter((text) => text !== ""),
    ];
  }

  /** Waits until no broker is closed, without any help: a step on a host takes its time. */
  async opened(): Promise<void> {
    const until = Date.now() + 240_000;
    let closed: string[];
    do {
      closed = await this.closed();
    } while (closed.length > 0 && Date.now() < until);
    expect(closed).toEqual([]);
  }

  /** Begins an update, and ends the engine when a master has been closed for writes. */
  async cutOff(): Promise<void> {
    const update = this.stack.beginUp();
    await update.says("closing broker-a for writes");
    update.kill();
    await update.done;
    await this.opened();
    await this.stack.cancel();
  }
}

/** A cluster for the tests of a `describe`, which all fail at once where it could not be made. */
export function rollingBed(...args: Parameters<typeof RollingBed.up>): () => RollingBed {
  let bed: RollingBed | undefined;
  let deployed = false;

  beforeAll(async () => {
    bed = await RollingBed.up(...args);
    await bed.deploy();
    deployed = true;
  }, 45 * 60_000);

  afterAll(() => bed?.bed.down(), 120_000);

  const found = (): RollingBed => {
    if (!bed || !deployed) {
      throw new Error("there is no cluster: its deployment failed");
    }
    return bed;
  };
  beforeEach(() => void found());
  return found;
}
