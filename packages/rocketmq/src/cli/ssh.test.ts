import type { AddressInfo } from "node:net";
import * as net from "node:net";
import { type AuthContext, type Connection, Server, utils } from "ssh2";
import type { HostConnection, Login } from "./connection";
import { runAgent } from "./runAgent";
import { execute } from "./ssh";

const keys = {
  user: utils.generateKeyPairSync("ed25519"),
  other: utils.generateKeyPairSync("ed25519"),
};
const locked = utils.generateKeyPairSync("ed25519", {
  passphrase: "open sesame",
  cipher: "aes256-ctr",
  rounds: 16,
});
const hostKeys = [
  utils.generateKeyPairSync("rsa", { bits: 2048 }),
  utils.generateKeyPairSync("ed25519"),
];

/** How a command of the server below ends; nothing: not at all. */
type Answer = { code: number; stdout?: string; stderr?: string } | undefined;

const servers: Server[] = [];
const commands: { command: string; stdin: string }[] = [];

beforeEach(() => {
  commands.length = 0;
});

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))),
  );
});

/** A server that speaks SSH, lets `ops` in, tunnels, and ends every command with one answer. */
async function serve(answer: Answer = { code: 0 }): Promise<HostConnection> {
  const server = new Server({ hostKeys: hostKeys.map((key) => key.private) }, (connection) =>
    accept(connection, answer),
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: "127.0.0.1",
    port,
    user: "ops",
    privateKey: keys.user.private,
    perDialTimeout: 10,
    sudo: true,
  };
}

function accept(connection: Connection, answer: Answer): void {
  connection.on("error", () => undefined);
  connection.on("authentication", (context) =>
    admits(context) ? context.accept() : context.reject(["publickey", "password"]),
  );
  connection.on("tcpip", (admit, _refuse, { destIP, destPort }) => {
    const channel = admit();
    const socket = net.connect(destPort, destIP);
    socket.on("error", () => channel.end());
    channel.pipe(socket).pipe(channel);
  });
  connection.on("session", (admit) => {
    admit().on("exec", (start, _refuse, { command }) => {
      const channel = start();
      const input: Buffer[] = [];
      channel.on("data", (data: Buffer) => input.push(data));
      channel.on("end", () => {
        commands.push({ command, stdin: Buffer.concat(input).toString() });
        if (answer) {
          channel.stderr.write(answer.stderr ?? "");
          channel.write(answer.stdout ?? "");
          channel.exit(answer.code);
          channel.end();
        }
      });
    });
  });
}

function admits(context: AuthContext): boolean {
  if (context.username !== "ops") {
    return false;
  }
  if (context.method === "password") {
    return context.password === "secret";
  }
  if (context.method !== "publickey") {
    return false;
  }
  const offered = context.key.data;
  return [keys.user, locked].some(({ public: text }) => {
    const known = utils.parseKey(text);
    return !(known instanceof Error) && known.getPublicSSH().equals(offered);
  });
}

function run(connection: HostConnection, timeout = 20_000) {
  return execute("mq1", connection, "sh agent", "input", timeout);
}

test("a command gets its input, and its streams and code come back", async () => {
  const connection = await serve({ code: 3, stdout: "out", stderr: "err" });
  expect(await run(connection)).toEqual({ code: 3, stdout: "out", stderr: "err" });
  expect(commands).toEqual([{ command: "sh agent", stdin: "input" }]);
});

test.each<[string, Partial<Login>]>([
  ["a password", { privateKey: undefined, password: "secret" }],
  ["a locked key", { privateKey: locked.private, privateKeyPassword: "open sesame" }],
  ["a known host key of the type that comes first", { hostKey: hostKeys[0]?.public }],
  ["a known host key of another type", { hostKey: `${hostKeys[1]?.public} comment` }],
])("logs in with %s", async (_name, login) => {
  expect(await run({ ...(await serve()), ...login })).toMatchObject({ code: 0 });
});

test.each<[string, Partial<Login>, RegExp]>([
  [
    "a wrong key",
    { privateKey: keys.other.private },
    /mq1: no SSH connection to ops@.*unable to auth/,
  ],
  [
    "a locked key without its passphrase",
    { privateKey: locked.private },
    /private key cannot be read/,
  ],
  ["a host key that is not shown", { hostKey: keys.other.public }, /host key mismatch/],
  ["a port where nobody listens", { port: 1 }, /connection refused/],
  ["a name without address", { host: "nowhere.invalid" }, /no such host/],
])("%s is explained", async (_name, login, text) => {
  const failed = await run({ ...(await serve()), ...login }).catch((error: Error) => error);
  expect(failed).toMatchObject({ message: expect.stringMatching(text) as string });
  expect(failed).toMatchObject({ remedy: expect.stringMatching(/\w/) as string });
  expect(JSON.stringify(failed)).not.toContain("PRIVATE KEY");
});

test("goes through a jump host, and says of one that fails that it is the jump host", async () => {
  const [connection, proxy] = [await serve({ code: 0, stdout: "there" }), await serve()];
  expect(await run({ ...connection, proxy })).toMatchObject({ stdout: "there" });
  const shut = { ...proxy, privateKey: keys.other.private };
  await expect(run({ ...connection, proxy: shut })).rejects.toThrow(/through its bastion/);
});

test("a command that does not end is given up", async () => {
  await expect(run(await serve(undefined), 200)).rejects.toThrow("mq1: no answer within 0.2 s");
});

describe("the agent", () => {
  test("gets its document on its input, and its JSON is the answer", async () => {
    const connection = await serve({ code: 0, stdout: '{"differences":[]}\n' });
    expect(await runAgent(connection, "check", { a: 1 })).toEqual({ differences: [] });
    expect(commands).toEqual([{ command: "sh .rocketmq-agent check", stdin: '{"a":1}' }]);
  });

  test.each<[string, Answer, RegExp]>([
    [
      "is not there",
      { code: 2, stderr: "sh: 0: cannot open .rocketmq-agent: No such file" },
      /agent .* is gone/,
    ],
    ["is too old", { code: 64, stderr: "usage: rocketmq-agent VERB" }, /earlier release/],
    ["tells a failure", { code: 66, stderr: "mq1: check failed: why" }, /^mq1: check failed: why$/],
    ["ends without a word", { code: 1 }, /^mq1: check ended with 1$/],
    ["prints no JSON", { code: 0, stdout: "Welcome!" }, /^mq1: .*no JSON/],
  ])("that %s is explained", async (_name, answer, text) => {
    const connection = await serve(answer);
    await expect(runAgent(connection, "check", {}, { machine: "mq1" })).rejects.toThrow(text);
  });
});
