import { randomBytes } from "node:crypto";
import * as os from "node:os";
import * as path from "node:path";
import { run } from "../hosts/run";
import { type Arguments, commandLine } from "./arguments";
import { Load, type LoadOptions } from "./load";
import { type ConsumeResult, lastResult, type ProduceResult } from "./results";

/** Of all commands. */
interface Common {
  /** `host:port;host:port`. */
  namesrv: string;
  topic: string;
  /** How often routes are read again, in milliseconds; RocketMQ's 30000 unless given. */
  poll?: number;
}

/** What to send: `count` messages, or for `duration` seconds, or what ends first; one message if neither is given. */
export interface ProduceOptions extends Common {
  count?: number;
  duration?: number;
  /** Messages a second; as fast as it goes unless given. */
  rate?: number;
  /** Keys are KEYS-0, KEYS-1, ...; a word of its own for each run unless given. */
  keys?: string;
  /** Bytes of a message. */
  size?: number;
  /** Of a send that fails, by the client itself; RocketMQ's 2 unless given. */
  retries?: number;
  /** Milliseconds that a send and its retries may take; RocketMQ's 3000 unless given. */
  sendTimeout?: number;
}

/** What to receive. */
export interface ConsumeOptions extends Common {
  group: string;
  count: number;
  /** Seconds to wait for that many; 30 unless given. */
  timeout?: number;
  /** Only messages whose keys begin so count. */
  keys?: string;
  /** 1: consuming each message fails, and it becomes a dead letter at once. */
  reject?: 1;
}

const JVM = [
  // Small and quick to start; it sends some thousand messages a second at most.
  ...["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
  `-Drocketmq.log.root=${path.join(os.tmpdir(), `rocketmq-client-${os.userInfo().username}`)}`,
  "-Drocketmq.log.level=warn",
];

/** RocketMQ's own Java client, run on this machine as a process for each call. */
export class Client {
  /** @param jar what `prepareClient` built, its libraries beside it */
  constructor(private readonly jar: string) {}

  /** Sends messages one after the other. That some failed is a result; that none could be tried, an error. */
  async produce(options: ProduceOptions): Promise<ProduceResult> {
    const keys = options.keys ?? `test-${randomBytes(4).toString("hex")}`;
    const result = await this.run<Omit<ProduceResult, "keys">>("produce", { ...options, keys });
    return { ...result, keys };
  }

  /** Receives messages as a group of one member; a new group begins with the topic's oldest message. */
  consume(options: ConsumeOptions): Promise<ConsumeResult> {
    return this.run<ConsumeResult>("consume", { ...options });
  }

  /** Sends and receives until told to stop; ready when the first message has come back. */
  startLoad(options: LoadOptions): Promise<Load> {
    return Load.start(this.java(), commandLine("both", { ...options }));
  }

  private async run<T>(command: string, args: Arguments): Promise<T> {
    const [program = "", ...rest] = [...this.java(), ...commandLine(command, args)];
    const { stdout, stderr, code } = await run(program, rest);
    if (code === 2) {
      throw new Error(`the message client does not understand its arguments: ${stderr}`);
    }
    return lastResult<T>(stdout, stderr);
  }

  private java(): string[] {
    return ["java", ...JVM, "-jar", this.jar];
  }
}
