import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type LoadProgress, type LoadResult, lastResult } from "./results";

/** A load on a topic. */
export interface LoadOptions {
  /** `host:port;host:port`. */
  namesrv: string;
  topic: string;
  /** Consumer group; one of its own for each run unless given. */
  group?: string;
  /** Messages a second; 100 unless given. */
  rate?: number;
  /** Bytes of a message. */
  size?: number;
  /** Seconds until it ends by itself; else `stop` ends it. */
  duration?: number;
  /** Seconds to wait at the end for messages that were acknowledged but did not come; 60 unless given. */
  drain?: number;
  /** Of a send that fails, by the client itself; RocketMQ's 2 unless given. */
  retries?: number;
  /** 1: queues are chosen by the producer, as for ordered messages, so that a send is not retried elsewhere. */
  selector?: 1;
  /** How often routes are read again, in milliseconds; RocketMQ's 30000 unless given. */
  poll?: number;
  /** How often the consumer reports to the brokers, in milliseconds; RocketMQ's 30000 unless given. */
  heartbeat?: number;
}

/** Messages going through the cluster at a steady rate while something is done to it. */
export class Load {
  /** The latest figures. */
  progress: LoadProgress | undefined;
  private readonly result: Promise<LoadResult>;

  private constructor(
    private readonly child: ChildProcess,
    ready: (error?: Error) => void,
  ) {
    let stdout = "";
    let stderr = "";
    child.stderr?.on("data", (data: Buffer) => (stderr += data.toString()));
    if (child.stdout) {
      createInterface(child.stdout).on("line", (line) => {
        stdout = line; // only the last one is the result
        const event = parseEvent(line);
        if (event?.event === "ready" || event?.event === "progress") {
          this.progress = event;
          ready();
        }
      });
    }
    this.result = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", () => {
        try {
          resolve(lastResult<LoadResult>(stdout, stderr));
        } catch (error) {
          reject(toError(error));
        }
      });
    });
    this.result.then(
      () => ready(),
      (error: Error) => ready(error),
    );
  }

  /** Done when the first message has gone all the way. */
  static async start(java: readonly string[], args: readonly string[]): Promise<Load> {
    const [program = "", ...rest] = [...java, ...args];
    // Its end is the end of its standard input, so it does not outlive us.
    const child = spawn(program, rest, { stdio: ["pipe", "pipe", "pipe"] });
    return new Promise((resolve, reject) => {
      const load: Load = new Load(child, (error) => (error ? reject(error) : resolve(load)));
    });
  }

  /** Ends the sending, waits for what is still on its way, and returns the figures. */
  stop(): Promise<LoadResult> {
    this.child.stdin?.end();
    return this.result;
  }

  /** The figures when it ends by itself, after `duration`. */
  end(): Promise<LoadResult> {
    return this.result;
  }
}

function parseEvent(line: string): LoadProgress | LoadResult | undefined {
  try {
    return JSON.parse(line) as LoadProgress | LoadResult;
  } catch {
    return undefined;
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
