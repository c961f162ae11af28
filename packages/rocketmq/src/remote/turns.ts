import * as pulumi from "@pulumi/pulumi";

/** sshd's `MaxStartups` begins to drop at 10 connections that are not logged in; some are others'. */
const AT_A_TIME = 8;
/** Longer than a login through a bastion takes where the way is not extremely long. */
const LOGIN_MS = 1500;

/**
 * Turns to log in to one bastion, behind which all machines of a cluster may be. A turn is given
 * back when the step is over or after the time of a login, whichever is first, so that long steps
 * run side by side, and a run with nothing to do, which logs in nowhere, is not held up.
 */
export class Turns {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(
    atATime = AT_A_TIME,
    private readonly loginMs = LOGIN_MS,
  ) {
    this.free = atATime;
  }

  /** Waits for a turn. What it returns gives the turn back; doing so twice does no harm. */
  async take(): Promise<() => void> {
    if (this.free > 0) {
      this.free--;
    } else {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    let held = true;
    const giveBack = () => {
      if (held) {
        held = false;
        clearTimeout(timer);
        this.next();
      }
    };
    const timer = setTimeout(giveBack, this.loginMs);
    timer.unref();
    return giveBack;
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

/**
 * Has a resource wait, after what it depends on, for its turn at the bastion; `made` is to be told
 * the resource. A preview logs in nowhere.
 */
export function inTurn<O extends pulumi.CustomResourceOptions>(
  bastion: pulumi.Input<string> | undefined,
  opts: O,
): { opts: O; made: (resource: pulumi.Resource) => void } {
  if (bastion === undefined || pulumi.runtime.isDryRun()) {
    return { opts, made: () => undefined };
  }
  let giveBack = (): void => undefined;
  const dependsOn = (async () => {
    const list = await opts.dependsOn;
    giveBack = await turnsOf(await valueOf(bastion)).take();
    return list ?? [];
  })() as pulumi.CustomResourceOptions["dependsOn"];
  const made = (resource: pulumi.Resource) => {
    const end = () => giveBack();
    pulumi.recover(resource.urn.apply(end), end);
  };
  return { opts: { ...opts, dependsOn }, made };
}

function valueOf(input: pulumi.Input<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    pulumi.recover(pulumi.output(input).apply(resolve), reject);
  });
}
