import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { Connection, Server, ServerChannel, utils } from "ssh2";
import { newKeyPair } from "./keyPair";
import { serveFiles } from "./sftp";
import type { Startups } from "./startups";

/** One run command, as the server saw it. */
export interface Execution {
  command: string;
  stdin: string;
  env: Record<string, string>;
  /** When it was asked for (or, where it ran for real, was done), in milliseconds of this process. */
  at: number;
}

export interface SshServerOptions {
  /** Where it listens; 127.0.0.1 unless given. */
  address?: string;
  /** Where commands run and relative paths begin. */
  home: string;
  /** The one key that may log in, as an authorized_keys line. */
  authorizedKey: string;
  /** Accepts environment variables by name; sshd itself accepts hardly any. None if absent. */
  acceptEnv?: (name: string) => boolean;
  /** What a command prints, after a while; run by a real shell if absent. */
  answer?: (command: string, stdin: string) => Promise<string>;
  /** Milliseconds that a login takes, as over a long way. */
  loginMs?: number;
  /** Turns connections away that are too many. */
  startups?: Startups;
}

/** An SSH server in this process that does what it is told and remembers what that was. */
export class SshServer {
  readonly executions: Execution[] = [];
  /** Paths of written files, and the targets of tunnels. */
  readonly uploads: string[] = [];
  readonly tunnels: string[] = [];
  /** Logins that succeeded. */
  logins = 0;
  readonly hostKey = newKeyPair();

  private readonly server: Server;
  private readonly connections = new Set<Connection>();

  private constructor(private readonly options: SshServerOptions) {
    fs.mkdirSync(options.home, { recursive: true });
    this.server = new Server({ hostKeys: [this.hostKey.private] }, (connection) =>
      this.accept(connection),
    );
  }

  static async start(options: SshServerOptions): Promise<SshServer> {
    const server = new SshServer(options);
    await new Promise<void>((resolve) => server.server.listen(0, server.address, resolve));
    return server;
  }

  get address(): string {
    return this.options.address ?? "127.0.0.1";
  }

  get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  /** What ran since the last time that somebody asked. */
  takeExecutions(): Execution[] {
    return this.executions.splice(0);
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.connections.forEach((connection) => connection.end());
    await closed;
  }

  private accept(connection: Connection): void {
    const { startups } = this.options;
    if (startups?.enter() === false) {
      connection.on("error", () => undefined);
      connection.end();
      return;
    }
    const leave = once(() => startups?.leave());
    this.connections.add(connection);
    connection.on("close", () => {
      leave();
      this.connections.delete(connection);
    });
    // A client that gives up is part of the tests.
    connection.on("error", () => undefined);
    const allowed = utils.parseKey(this.options.authorizedKey);
    if (allowed instanceof Error) {
      throw allowed;
    }
    connection.on("authentication", (context) => {
      if (
        context.method === "publickey" &&
        context.key.data.equals(allowed.getPublicSSH()) &&
        (!context.signature ||
          allowed.verify(context.blob ?? Buffer.alloc(0), context.signature, context.hashAlgo) ===
            true)
      ) {
        setTimeout(() => context.accept(), context.signature ? (this.options.loginMs ?? 0) : 0);
      } else {
        context.reject(["publickey"]);
      }
    });
    connection.on("ready", () => {
      leave();
      this.serve(connection);
    });
  }

  private serve(connection: Connection): void {
    this.logins++;
    connection.on("session", (acceptSession) => {
      const env: Record<string, string> = {};
      acceptSession()
        .on("env", (accept, reject, { key, val }) => {
          if (this.options.acceptEnv?.(key)) {
            env[key] = val;
            accept?.();
          } else {
            reject?.();
          }
        })
        .on("exec", (accept, _reject, { command }) => this.execute(command, env, accept()))
        .on("sftp", (accept) =>
          serveFiles(accept(), this.options.home, (file) => this.uploads.push(file)),
        );
    });
    connection.on("tcpip", (accept, reject, { destIP, destPort }) => {
      const socket = net.connect(destPort, destIP);
      socket.once("error", () => reject());
      socket.once("connect", () => {
        this.tunnels.push(`${destIP}:${destPort}`);
        const channel = accept();
        socket.on("error", () => channel.close());
        channel.pipe(socket).pipe(channel);
      });
    });
  }

  private execute(command: string, env: Record<string, string>, channel: ServerChannel): void {
    const { answer } = this.options;
    if (answer) {
      const chunks: Buffer[] = [];
      channel.on("data", (data: Buffer) => chunks.push(data));
      channel.on("end", () => {
        const stdin = Buffer.concat(chunks).toString();
        this.executions.push({ command, stdin, env: { ...env }, at: performance.now() });
        void answer(command, stdin).then((text) => {
          channel.write(text);
          channel.exit(0);
          channel.end();
        });
      });
      return;
    }
    const child = spawn("/bin/sh", ["-c", command], {
      cwd: path.resolve(this.options.home),
      env: { PATH: process.env["PATH"], ...env },
    });
    let stdin = "";
    channel.on("data", (data: Buffer) => {
      stdin += data.toString();
      child.stdin.write(data);
    });
    channel.on("end", () => child.stdin.end());
    // A command need not read what it is given.
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", (data: Buffer) => channel.write(data));
    child.stderr.on("data", (data: Buffer) => channel.stderr.write(data));
    child.on("close", (code) => {
      this.executions.push({ command, stdin, env: { ...env }, at: performance.now() });
      channel.exit(code ?? 255);
      channel.end();
    });
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) {
      done = true;
      work();
    }
  };
}
