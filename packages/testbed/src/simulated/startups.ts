/** sshd's default `MaxStartups 10:30:100`. */
const BEGIN = 10;
const RATE = 0.3;
const FULL = 100;

/**
 * Connections that are not logged in yet, counted as sshd counts them: from the 10th on it drops
 * 30 of 100, rising to all of them at 100.
 */
export class Startups {
  /** The most that there were at a time. */
  most = 0;
  /** Connections that came, and those that were dropped. */
  all = 0;
  dropped = 0;
  private now = 0;

  /** @param random from 0 to 1, as Math.random */
  constructor(private readonly random: () => number = Math.random) {}

  /** Count anew. */
  reset(): void {
    this.most = this.now;
    this.all = this.dropped = 0;
  }

  /** Whether one more may come in. */
  enter(): boolean {
    this.all++;
    if (this.random() < dropRate(this.now)) {
      this.dropped++;
      return false;
    }
    this.now++;
    this.most = Math.max(this.most, this.now);
    return true;
  }

  /** One logged in or went away. */
  leave(): void {
    this.now--;
  }
}

/** Which share of new connections sshd drops when so many are not logged in. */
export function dropRate(waiting: number): number {
  if (waiting < BEGIN) {
    return 0;
  }
  return waiting >= FULL ? 1 : RATE + ((1 - RATE) * (waiting - BEGIN)) / (FULL - BEGIN);
}
