import { Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { sshRemedy } from "../remote/sshRemedy";
import { CliError } from "./cliError";
import { type HostConnection, type Login, loginText } from "./connection";

/** What a command on a machine left behind. */
export interface Execution {
  code: number;
  stdout: string;
  stderr: string;
}

/** Tries of a connection; a busy bastion turns some away. Not so of a login that is refused. */
const TRIES = 2;
const PAUSE_MS = 1000;

/** As the command provider says it. */
const MISMATCH = "ssh: host key mismatch";

/** Runs one command with an input on a machine, over a connection of its own. */
export async function execute(
  machine: string,
  connection: HostConnection,
  command: string,
  stdin: string,
  timeoutMs: number,
): Promise<Execution> {
  const clients = await connect(machine, connection);
  try {
    return await run(machine, clients[0] as Client, command, stdin, timeoutMs);
  } finally {
    clients.forEach((client) => client.end());
  }
}

/** The machine's client first, then that of the bastion that it goes through. */
async function connect(machine: string, connection: HostConnection): Promise<Client[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await dial(connection);
    } catch (error) {
      const text = reason(error as Error);
      if (attempt === TRIES || /authenticate|host key|private key/i.test(text)) {
        throw explained(machine, connection, text);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function dial(connection: HostConnection): Promise<Client[]> {
  const { proxy } = connection;
  if (proxy === undefined) {
    return [await login(connection, {})];
  }
  const bastion = await login(proxy, {}).catch((error: Error) => {
    throw new Error(`proxy: ${reason(error)}`);
  });
  try {
    const sock = await new Promise<ClientChannel>((resolve, reject) =>
      bastion.forwardOut("127.0.0.1", 0, connection.host, connection.port, (error, channel) =>
        error ? reject(error) : resolve(channel),
      ),
    );
    return [await login(connection, { sock }), bastion];
  } catch (error) {
    bastion.end();
    throw error;
  }
}

function login(to: Login, more: Pick<ConnectConfig, "sock">): Promise<Client> {
  const client = new Client();
  const seen: { hostKey?: boolean } = {};
  return new Promise((resolve, reject) => {
    client.on("ready", () => resolve(client));
    client.on("error", (error: Error) =>
      reject(seen.hostKey === false ? new Error(MISMATCH) : error),
    );
    client.on("end", () => reject(new Error("ssh: handshake failed: connection reset")));
    // Asked where a password is a question of the keyboard's.
    client.on("keyboard-interactive", (_name, _text, _language, prompts, answer) =>
      answer(prompts.map(() => to.password ?? "")),
    );
    try {
      client.connect({ ...loginConfig(to, (right) => (seen.hostKey = right)), ...more });
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** A login as the library for SSH takes it: the key first, then the password, then the agent. */
export function loginConfig(to: Login, onHostKey: (right: boolean) => void): ConnectConfig {
  const agent = to.agentSocketPath ?? process.env["SSH_AUTH_SOCK"];
  const [keyType = "", keyText = ""] = to.hostKey?.trim().split(/\s+/) ?? [];
  const hostKeyTypes =
    keyType === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", keyType] : [keyType];
  return {
    host: to.host,
    port: to.port,
    username: to.user,
    readyTimeout: to.perDialTimeout * 1000,
    ...(to.privateKey === undefined ? {} : { privateKey: to.privateKey }),
    ...(to.privateKeyPassword === undefined ? {} : { passphrase: to.privateKeyPassword }),
    ...(to.password === undefined ? {} : { password: to.password, tryKeyboard: true }),
    ...(agent === undefined || agent === "" ? {} : { agent }),
    ...(to.hostKey === undefined
      ? {}
      : {
          // A server has keys of several types; it is to show the one that is known.
          algorithms: { serverHostKey: hostKeyTypes },
          hostVerifier: (key: Buffer) => {
            const right = key.equals(Buffer.from(keyText, "base64"));
            onHostKey(right);
            return right;
          },
        }),
  } as ConnectConfig;
}

function run(
  machine: string,
  client: Client,
  command: string,
  stdin: string,
  timeoutMs: number,
): Promise<Execution> {
  let timer: NodeJS.Timeout | undefined;
  const done = new Promise<Execution>((resolve, reject) => {
    const fail = (text: string) => reject(new CliError(`${machine}: ${text}`));
    timer = setTimeout(() => fail(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    client.on("error", (error) => fail(error.message));
    client.on("close", () => fail("the connection was cut"));
    client.exec(command, (error, channel) => {
      if (error) {
        fail(error.message);
        return;
      }
      const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
      channel.on("data", (data: Buffer) => stdout.push(data));
      channel.stderr.on("data", (data: Buffer) => stderr.push(data));
      // Without a code: ended by a signal.
      channel.on("close", (code?: number | null) =>
        resolve({
          code: code ?? 1,
          stdout: Buffer.concat(stdout).toString(),
          stderr: Buffer.concat(stderr).toString(),
        }),
      );
      channel.end(stdin);
    });
  });
  return done.finally(() => clearTimeout(timer));
}

/** What the library for SSH says, in the words of the command provider, so that one table explains both. */
function reason(error: Error & { level?: string; code?: string }): string {
  const { message, code } = error;
  if (/^(ssh|proxy): /.test(message)) {
    return message;
  }
  if (/All configured authentication methods failed/.test(message)) {
    return "ssh: unable to authenticate";
  }
  if (/no matching host key format/.test(message)) {
    return MISMATCH;
  }
  if (/privateKey|passphrase|Unsupported key format/i.test(message)) {
    return `ssh: the private key cannot be read (${message})`;
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return `dial tcp: no such host`;
  }
  if (code === "ECONNREFUSED") {
    return "dial tcp: connection refused";
  }
  if (/Timed out|ETIMEDOUT/i.test(`${message} ${code}`)) {
    return "dial tcp: i/o timeout";
  }
  return `dial tcp: ${message}`;
}

function explained(machine: string, connection: HostConnection, text: string): CliError {
  const [what, ...remedy] = (
    sshRemedy(text, { machine, login: loginText(connection) }) ?? `${machine}: ${text}`
  ).split("\n");
  return new CliError(what ?? text, remedy.join("\n").trim() || undefined);
}
