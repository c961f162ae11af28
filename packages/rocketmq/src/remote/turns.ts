/** sshd's `MaxStartups` begins to drop at 10 connections that are not logged in; some are others'. */
export const LOGINS_AT_A_TIME = 8;
/** As long as nothing is known of a bastion: longer than a login by way of another continent. */
const UNKNOWN_MS = 5000;
/** However near it is: on a busy machine a login begins a moment after its turn. */
const LEAST_MS = 1000;
/** The provider's dial has failed by then. */
const MOST_MS = 15_000;
/** A login may take that many times as long as the quickest step so far, which had one in it. */
const MARGIN = 2;

/** A turn of a step; ending it twice does no harm. */
export interface Turn {
  /** The step is over, and was logged in. How long that took is learned from, even if the turn has ended. */
  done(): void;
  /** The step is over; whether it was logged in is not known. */
  release(): void;
}

/**
 * Turns to log in to one bastion, behind which all machines of a cluster may be. Nobody tells when a
 * login is through, so a turn ends when its step is over or when a login must be, whichever is first:
 * long steps run side by side. How long a login takes differs from bastion to bastion, and is never
 * longer than the quickest step.
 */
export class Turns {
  private free: number;
  private quickest: number | undefined;
  private readonly waiting: (() => void)[] = [];

  constructor(atATime = LOGINS_AT_A_TIME) {
    this.free = atATime;
  }

  async take(): Promise<Turn> {
    if (this.free > 0) {
      this.free--;
    } else {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    const from = performance.now();
    let held = true;
    const release = () => {
      if (held) {
        held = false;
        clearTimeout(timer);
        this.next();
      }
    };
    const timer = setTimeout(release, this.loginMs);
    timer.unref();
    const done = () => {
      this.quickest = Math.min(this.quickest ?? Infinity, performance.now() - from);
      release();
    };
    return { done, release };
  }

  /** After that time a login that has begun is through. */
  private get loginMs(): number {
    return this.quickest === undefined
      ? UNKNOWN_MS
      : Math.min(Math.max(this.quickest * MARGIN, LEAST_MS), MOST_MS);
  }

  private next(): void {
    const first = this.waiting.shift();
    if (first) {
      first();
    } else {
      this.free++;
    }
  }
}

const byBastion = new Map<string, Turns>();

/** The turns of a bastion, shared by all clusters of a program. */
export function turnsOf(bastion: string): Turns {
  const turns = byBastion.get(bastion) ?? new Turns();
  byBastion.set(bastion, turns);
  return turns;
}
