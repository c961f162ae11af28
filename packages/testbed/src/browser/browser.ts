import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Readable, Writable } from "node:stream";
import { prepareBrowser } from "./prepare";

interface Message {
  id?: number;
  method?: string;
  sessionId?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** How a page is looked at. */
export interface Look {
  width: number;
  height: number;
  scheme: "light" | "dark";
}

/**
 * A Chromium without a window, spoken to over a pipe in the DevTools protocol: requests and
 * answers are JSON, each ended by a zero byte.
 */
export class Browser {
  private readonly waiting = new Map<number, (message: Message) => void>();
  private next = 1;
  private session = "";
  private rest = "";
  /** What the pages complained about: exceptions, failed requests, violated policies. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly profile: string,
  ) {
    (child.stdio[4] as Readable).on("data", (data: Buffer) => this.take(data.toString()));
    child.on("exit", () => {
      for (const answer of this.waiting.values()) {
        answer({ error: { message: "the browser has ended" } });
      }
    });
  }

  static async start(): Promise<Browser> {
    const program = await prepareBrowser();
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), "rocketmq-browser-"));
    const child = spawn(
      program,
      [
        "--headless=new",
        "--remote-debugging-pipe",
        `--user-data-dir=${profile}`,
        "--no-first-run",
        "--disable-gpu",
        "--hide-scrollbars",
        // Its sandbox does not start as root; only the project's own page is opened.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
      { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
    );
    const browser = new Browser(child, profile);
    try {
      await browser.attach();
    } catch (error) {
      await browser.stop();
      throw error;
    }
    return browser;
  }

  /** Opens a file, and returns when it is drawn. */
  async open(file: string, { width, height, scheme }: Look): Promise<void> {
    await this.call("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await this.call("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: scheme }],
    });
    await this.call("Page.navigate", { url: `file://${file}` });
    const until = Date.now() + 60_000;
    while (
      (await this.evaluate(`location.href + document.readyState`)) !== `file://${file}complete`
    ) {
      if (Date.now() > until) {
        throw new Error(`${file} is not drawn within a minute`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The value of an expression in the page. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await this.call("Runtime.evaluate", {
      expression,
      returnByValue: true,
    })) as { result: { value: T }; exceptionDetails?: object };
    if (exceptionDetails) {
      throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    }
    return result.value;
  }

  /** Everything from the top of the page down to `height`, as PNG. */
  async screenshot(file: string, width: number, height: number): Promise<void> {
    const { data } = (await this.call("Page.captureScreenshot", {
      format: "png",
      captureBeyondViewport: true,
      clip: { x: 0, y: 0, width, height, scale: 1 },
    })) as { data: string };
    fs.writeFileSync(file, Buffer.from(data, "base64"));
  }

  async stop(): Promise<void> {
    const gone = new Promise<void>((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        resolve();
      }
      this.child.once("exit", () => resolve());
    });
    this.child.kill("SIGTERM");
    await gone;
    // Its helpers may still be writing. (`maxRetries` of Node's own does not cover a folder that is
    // not empty any more when it is its turn.)
    const until = Date.now() + 20_000;
    for (;;) {
      try {
        await fs.promises.rm(this.profile, { recursive: true, force: true });
        return;
      } catch (error) {
        if (Date.now() > until) {
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  private async attach(): Promise<void> {
    const { targetId } = await this.call("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.call("Target.attachToTarget", { targetId, flatten: true });
    this.session = sessionId as string;
    await Promise.all(
      ["Page", "Runtime", "Log"].map((domain) => this.call(`${domain}.enable`, {})),
    );
  }

  private call(method: string, params: object): Promise<Record<string, unknown>> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ error, result }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result ?? {}),
      );
      const message = { id, method, params, ...(this.session ? { sessionId: this.session } : {}) };
      (this.child.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    });
  }

  private take(text: string): void {
    const parts = (this.rest + text).split("\0");
    this.rest = parts.pop() ?? "";
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id !== undefined) {
        this.waiting.get(message.id)?.(message);
        this.waiting.delete(message.id);
      } else if (
        /^(Runtime\.(exceptionThrown|consoleAPICalled)|Log\.entryAdded)$/.test(message.method ?? "")
      ) {
        this.complaints.push(JSON.stringify(message.params));
      }
    }
  }
}
