/** What may be wrong with an answer of the mirror. */
export type Fault =
  /** The file is not there: 404. */
  | { kind: "missing" }
  /** The server is there but cannot answer: this status, 503 unless told. */
  | { kind: "status"; status: number }
  /** The connection ends after this share of the body (0..1), half unless told, though more was announced. */
  | { kind: "truncated"; share?: number }
  /** The right length with one byte changed in the middle: only a checksum can tell. */
  | { kind: "corrupt" }
  /** Another body altogether, with status 200, as a captive portal answers. */
  | { kind: "replaced"; body: string }
  /** At most so many bytes a second. */
  | { kind: "slow"; bytesPerSecond: number }
  /** No answer at all until the client gives up. */
  | { kind: "silent" }
  /** The server's clock is off by so many seconds, which its Date header shows. */
  | { kind: "clock"; offsetSeconds: number };

/** A fault for the paths that match, for the next `times` answers or until it is taken away. */
interface ActiveFault {
  path: RegExp;
  fault: Fault;
  times: number;
  from: string | undefined;
}

/** The faults that are switched on. */
export class Faults {
  private active: ActiveFault[] = [];

  /**
   * Switches a fault on for paths that match, a text for paths that end in it; `times`: for so many
   * answers only; `from`: for the client with this address only.
   */
  add(path: RegExp | string, fault: Fault, times = Infinity, from?: string): void {
    const pattern = typeof path === "string" ? new RegExp(`${escape(path)}$`) : path;
    this.active.push({ path: pattern, fault, times, from });
  }

  clear(): void {
    this.active = [];
  }

  /** The faults of one answer, one of a kind; each counts as used. */
  take(path: string, client: string): { [K in Fault["kind"]]?: Extract<Fault, { kind: K }> } {
    const found: Partial<Record<Fault["kind"], Fault>> = {};
    for (const entry of this.active) {
      const meant = entry.from === undefined || entry.from === client;
      if (meant && entry.times > 0 && entry.path.test(path)) {
        entry.times--;
        found[entry.fault.kind] ??= entry.fault;
      }
    }
    return found as ReturnType<Faults["take"]>;
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
