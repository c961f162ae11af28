import type { ExpectedNode } from "./expected";
import type { Finding, Health } from "./view";

/** What is found out about one thing: its health follows from it. */
export class Judgement {
  readonly findings: Finding[] = [];
  private readonly words: string[] = [];
  private suffers = false;

  constructor(
    readonly subject: string,
    /** Where to look; absent for what is not of the stack. */
    private readonly node?: ExpectedNode,
  ) {}

  /** A fault: `state` in two or three words, `text` in a sentence for who reads only that. */
  fault(level: "bad" | "warn", state: string, text = state, help?: string): void {
    this.findings.push({ level, subject: this.where(), text, ...(help ? { help } : {}) });
    this.words.push(state);
  }

  /** It does not answer. */
  down(error = "no answer"): void {
    this.fault("bad", `down: ${error}`, `does not answer: ${error}`, this.look());
  }

  /** A state that follows from a fault that somebody else has: shown, but not counted again. */
  follows(state: string): void {
    this.words.push(state);
    this.suffers = true;
  }

  note(text: string): void {
    this.findings.push({ level: "note", subject: this.where(), text });
  }

  /** Where to look on the machine. */
  look(): string | undefined {
    const { node } = this;
    return node && `on ${node.machine}: systemctl status ${node.unit}; journalctl -u ${node.unit}`;
  }

  get health(): Health {
    const levels = this.findings.map(({ level }) => level);
    return levels.includes("bad") ? "bad" : levels.includes("warn") || this.suffers ? "warn" : "ok";
  }

  /** The states in words, or what is said of it where there is nothing to say. */
  state(well: string): string {
    return this.words.length > 0 ? this.words.join(", ") : well;
  }

  private where(): string {
    return this.node ? `${this.subject} on ${this.node.machine}` : this.subject;
  }
}
