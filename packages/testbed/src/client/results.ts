/** What became of the messages that were sent. */
export interface SendReport {
  ok: boolean;
  /** Acknowledged with SEND_OK. */
  sent: number;
  /** Not acknowledged after the client's own retries. */
  failed: number;
  slowestSendMs: number;
  /** Acknowledged messages by broker name. */
  brokers: Record<string, number>;
  /** How often each error came. */
  errors: Record<string, number>;
}

/** Result of `produce`. */
export interface ProduceResult extends SendReport {
  /** What the keys of this run begin with. */
  keys: string;
  /** How long the sending took. */
  ms: number;
}

/** Result of `consume`. */
export interface ConsumeResult {
  /** Whether as many as asked for came in time. */
  ok: boolean;
  /** Different messages. */
  received: number;
  duplicates: number;
  /** Different messages by the name of the broker that they came from. */
  brokers: Record<string, number>;
  /** The first ten keys in order. */
  keys: string[];
  ms: number;
}

/** How a load goes, once a second. */
export interface LoadProgress {
  event: "ready" | "progress";
  ms: number;
  sent: number;
  failed: number;
  received: number;
}

/** What users of the cluster noticed while a load ran. */
export interface LoadResult extends SendReport {
  event: "result";
  received: number;
  /** Messages received again: at least once is what RocketMQ promises. */
  duplicates: number;
  /** Acknowledged but not received, even after waiting for them. */
  lost: number;
  /** The first ten of them. */
  lostKeys: string[];
  /** Longest time without a new message while messages were being sent. */
  longestConsumeGapMs: number;
  /** Longest time between two acknowledged sends. */
  longestSendGapMs: number;
  ms: number;
}

/** What the client prints when it could not even begin. */
interface Failure {
  ok: false;
  error: string;
}

/** The last line of the client's output; an error if there is none or it says that nothing was done. */
export function lastResult<T>(stdout: string, stderr: string): T {
  const line = stdout.trim().split("\n").at(-1) ?? "";
  let result: T | Failure;
  try {
    result = JSON.parse(line) as T | Failure;
  } catch {
    throw new Error(`the message client gave no result:\n${stdout}${stderr}`);
  }
  if (typeof result === "object" && result !== null && "error" in result) {
    throw new Error(`the message client failed: ${result.error}`);
  }
  return result;
}
