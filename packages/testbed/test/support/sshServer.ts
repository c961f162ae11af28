import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { Connection, Server, ServerChannel, utils } from "ssh2";
import { serveFiles } from "./sftp";

/** One run command, as the server saw it. */
export interface Execution {
  command: string;
  stdin: string;
  env: Record<string, string>;
}

export interface SshServerOptions {
  /** Where commands run and relative paths begin. */
  home: string;
  /** The one key that may log in, as an authorized_keys line. */
  authorizedKey: string;
  /** Accepts environment variables by name; sshd itself accepts hardly any. */
  acceptEnv: (name: string) => boolean;
}

/** An SSH server in this process that does what it is told and remembers what that was. */
export class SshServer {
  readonly executions: Execution[] = [];
  /** Paths of written files, and the targets of tunnels. */
  readonly uploads: string[] = [];
  readonly tunnels: string[] = [];
  /** Logins that succeeded. */
  logins = 0;
  readonly hostKey = utils.generateKeyPairSync("ed25519");

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
    await new Promise<void>((resolve) => server.server.listen(0, "127.0.0.1", resolve));
    return server;
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
    this.connections.add(connection);
    connection.on("close", () => this.connections.delete(connection));
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
        context.accept();
      } else {
        context.reject(["publickey"]);
      }
    });
    connection.on("ready", () => this.serve(connection));
  }

  private serve(connection: Connection): void {
    this.logins++;
    connection.on("session", (acceptSession) => {
      const env: Record<string, string> = {};
      acceptSession()
        .on("env", (accept, reject, { key, val }) => {
          if (this.options.acceptEnv(key)) {
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
      this.executions.push({ command, stdin, env: { ...env } });
      channel.exit(code ?? 255);
      channel.end();
    });
  }
}
