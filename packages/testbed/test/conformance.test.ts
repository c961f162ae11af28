/**
 * What the project relies on in the remote resources of the command provider, checked against
 * whatever plugin there is: the official one, or the stand-in that the test bed builds.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { newKeyPair, SshServer } from "../src/simulated";
import { prepareToolchain } from "../src/toolchain";
import { Program, type Plan, type Resource } from "./support/program";

// An update is seconds on a busy machine; building the toolchain first can be minutes.
jest.setTimeout(30 * 60_000);

const COMMAND = "command.remote.Command";
const COPY = "command.remote.CopyToRemote";

const key = newKeyPair();
const strangersKey = newKeyPair();

let program: Program;
/** The host, another host, and a bastion. */
let host: SshServer;
let other: SshServer;
let bastion: SshServer;
let files: string;

const home = (server: string) => path.join(program.folder, server);

beforeAll(async () => {
  program = new Program(await prepareToolchain());
  files = path.join(program.folder, "files");
  fs.mkdirSync(path.join(files, "folder", "deep"), { recursive: true });
  fs.writeFileSync(path.join(files, "folder", "deep", "leaf"), "leaf");
  const start = (name: string) =>
    SshServer.start({
      home: home(name),
      authorizedKey: key.public,
      acceptEnv: (variable) => variable !== "REFUSED",
    });
  [host, other, bastion] = await Promise.all([start("host"), start("other"), start("bastion")]);
  await program.stack.select();
});

afterAll(async () => {
  await Promise.all([host, other, bastion].map((server) => server?.stop()));
  program?.remove();
});

type ServerName = "host" | "other" | "bastion";

/** How to reach a server. Made when the program is written: the ports come with the servers. */
const endpoint = (name: ServerName, changes: object = {}) => ({
  toJSON: () => ({
    host: "127.0.0.1",
    port: { host, other, bastion }[name].port,
    user: "tester",
    privateKey: key.private,
    dialErrorLimit: 1,
    ...changes,
  }),
});

/**
 * A command that says which one it is and what it reads. One that ends well without reading its
 * stdin may fail with "EOF: running ...", as the SSH library sees it closed while it still writes.
 */
const command = (name: string, args: object = {}): Resource => ({
  type: COMMAND,
  name,
  args: {
    connection: endpoint("host"),
    create: `echo ${name} create; cat`,
    update: `echo ${name} update; cat`,
    delete: `echo ${name} delete; cat`,
    stdin: "one",
    addPreviousOutputInEnv: false,
    ...args,
  },
});

const copy = (name: string, args: object): Resource => ({
  type: COPY,
  name,
  args: {
    connection: endpoint("host"),
    remotePath: `${name}.txt`,
    source: { $text: "one" },
    ...args,
  },
});

const write = (name: string, text: string) => {
  fs.writeFileSync(path.join(files, name), text);
  return { $file: path.join(files, name) };
};
const read = (name: string, server = "host") =>
  fs.readFileSync(path.join(home(server), name), "utf8");

describe("a change of an input", () => {
  /** Before, after, what the engine plans, and which commands with what stdin the host ran. */
  type Case = [before: Resource, after: () => object, plan: string, ran: [string, string][]];

  const cases: Case[] = [
    [command("nothing"), () => ({}), "same", []],
    [command("stdin"), () => ({ stdin: "two" }), "update", [["echo stdin update; cat", "two"]]],
    [
      command("create", { update: undefined }),
      () => ({ create: "echo create again; cat" }),
      "update",
      [["echo create again; cat", "one"]],
    ],
    [
      command("update"),
      () => ({ update: "echo update new; cat" }),
      "update",
      [["echo update new; cat", "one"]],
    ],
    [command("delete"), () => ({ delete: "cat" }), "update", [["echo delete update; cat", "one"]]],
    [
      command("logging", { logging: "stderr" }),
      () => ({ logging: "none" }),
      "update",
      [["echo logging update; cat", "one"]],
    ],
    [
      command("environment", { environment: { ONE: "1" } }),
      () => ({ environment: { ONE: "2" } }),
      "update",
      [["echo environment update; cat", "one"]],
    ],
    [
      command("silent", { create: undefined, update: undefined }),
      () => ({ stdin: "two" }),
      "update",
      [],
    ],
    [
      command("triggers", { triggers: ["a"] }),
      () => ({ triggers: ["b"], stdin: "two" }),
      "replace",
      [
        ["echo triggers create; cat", "two"],
        // The old resource, with what it was given.
        ["echo triggers delete; cat", "one"],
      ],
    ],
    [
      command("trigger-added"),
      () => ({ triggers: ["a"] }),
      "replace",
      [
        ["echo trigger-added create; cat", "one"],
        ["echo trigger-added delete; cat", "one"],
      ],
    ],
    // What is run on the other host is asserted below.
    [command("connection"), () => ({ connection: endpoint("other") }), "update", []],
    [
      command("key", { connection: endpoint("host", { perDialTimeout: 20 }) }),
      () => ({ connection: endpoint("host", { perDialTimeout: 30 }) }),
      "update",
      [["echo key update; cat", "one"]],
    ],
    [copy("text", {}), () => ({ source: { $text: "two" } }), "update", []],
    [copy("path", {}), () => ({ remotePath: "made/on/the/way/moved.txt" }), "update", []],
    [copy("copy-triggers", { triggers: ["a"] }), () => ({ triggers: ["b"] }), "replace", []],
    [copy("copy-connection", {}), () => ({ connection: endpoint("other") }), "update", []],
  ];

  let plan: Plan;
  let ran: Record<string, [string, string][]>;
  let uploaded: string[];
  let previousOutput: string | undefined;

  beforeAll(async () => {
    const file = copy("file", { source: write("file", "one"), remotePath: "file.txt" });
    const folder = copy("folder", {
      source: { $folder: path.join(files, "folder") },
      remotePath: "in",
    });
    const remembers = command("remembers", {
      addPreviousOutputInEnv: true,
      update: 'echo "was: $PULUMI_COMMAND_STDOUT"; cat',
    });
    const all = (changed: boolean) => [
      ...cases.map(([before, after]) =>
        changed ? { ...before, args: { ...before.args, ...after() } } : before,
      ),
      file,
      folder,
      changed ? { ...remembers, args: { ...remembers.args, stdin: "two" } } : remembers,
    ];
    program.set(all(false));
    await program.up();
    host.takeExecutions();
    host.uploads.splice(0);
    write("file", "two");
    program.set(all(true));
    const logins = host.logins;
    plan = await program.plan();
    // A preview connects to nothing.
    expect(host.logins).toBe(logins);
    await program.up();
    ran = {};
    for (const { command: line, stdin, env } of host.takeExecutions()) {
      if (line.startsWith('echo "was')) {
        previousOutput = env["PULUMI_COMMAND_STDOUT"];
      } else {
        const name = line.split(/[ ;]/)[1];
        (ran[name ?? line] ??= []).push([line, stdin]);
      }
    }
    uploaded = host.uploads;
  });

  test.each(
    cases.map(([before, , expected, executions]) => ({ name: before.name, expected, executions })),
  )("$name: $expected", ({ name, expected, executions }) => {
    expect(plan[name]).toBe(expected);
    expect(ran[name] ?? []).toEqual(executions);
  });

  test("of the connection runs on the new host, and nothing on the old one", () => {
    expect(other.takeExecutions()).toMatchObject([{ command: "echo connection update; cat" }]);
  });

  test("of a connection alone copies nothing; of the content or the path it does", () => {
    expect(uploaded.sort()).toEqual([
      "copy-triggers.txt",
      "file.txt",
      "made/on/the/way/moved.txt",
      "text.txt",
    ]);
    expect(other.uploads).toEqual([]);
    expect(read("text.txt")).toBe("two");
    expect(read("made/on/the/way/moved.txt")).toBe("one");
    expect(read("path.txt")).toBe("one");
  });

  test("of a file's content is seen by its hash", () => {
    expect(plan["file"]).toBe("update");
    expect(read("file.txt")).toBe("two");
  });

  test("a folder is copied into the target", () => {
    expect(plan["folder"]).toBe("same");
    expect(read("in/folder/deep/leaf")).toBe("leaf");
  });

  test("an update gets the previous output in its environment, unless told otherwise", () => {
    expect(previousOutput).toBe("remembers create\none");
  });

  test("the state keeps connections encrypted and the output in the clear", async () => {
    const { text } = await program.stack.run(["stack", "export"]);
    expect(text).not.toContain("PRIVATE KEY");
    expect(text).toContain('"stdout": "stdin update\\ntwo"');
  });

  test("a deletion runs with the connection and the stdin of the state, a copy stays", async () => {
    const { code, text } = await program.stack.destroy();
    expect({ code, text }).toMatchObject({ code: 0 });
    const deleted = host
      .takeExecutions()
      .filter(({ command: line }) => line.includes("delete; cat"));
    expect(deleted.find(({ command: line }) => line.includes("echo stdin "))?.stdin).toBe("two");
    expect(other.takeExecutions()).toMatchObject([
      { command: "echo connection delete; cat", stdin: "one" },
    ]);
    expect(read("file.txt")).toBe("two");
  });
});

describe("an error", () => {
  let text: string;

  const failing = (name: string, connection: object, args: object = {}) =>
    command(name, { connection, create: `echo ${name}; cat`, delete: undefined, ...args });

  beforeAll(async () => {
    const nobody = await unusedPort();
    program.set([
      command("fails", { create: "echo out; sleep 0.2; echo err >&2; exit 3" }),
      failing("wrong-host-key", endpoint("host", { hostKey: strangersKey.public })),
      failing("right-host-key", endpoint("host", { hostKey: host.hostKey.public })),
      failing("wrong-key", endpoint("host", { privateKey: strangersKey.private })),
      failing("unreachable", endpoint("host", { port: nobody })),
      failing("through-proxy", endpoint("other", { proxy: endpoint("bastion") })),
      failing("bad-proxy", endpoint("other", { proxy: endpoint("bastion", { port: nobody }) })),
      failing("behind-proxy", endpoint("host", { port: nobody, proxy: endpoint("bastion") })),
      failing("refused-env", endpoint("host"), { environment: { REFUSED: "1" } }),
    ]);
    ({ text } = await program.stack.up({ args: ["--continue-on-error"] }));
  });

  test.each([
    [
      "of a command has its exit status, the whole command, and both outputs",
      /Process exited with status 3: running "echo out; sleep 0\.2; echo err >&2; exit 3":\s+out\s+err/,
    ],
    [
      "tells of another host key",
      /after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch/,
    ],
    [
      "tells of a key that is not accepted",
      /after 1 failed attempts: ssh: handshake failed: ssh: unable to authenticate, attempted methods \[none publickey\]/,
    ],
    [
      "tells of an unreachable host",
      /after 1 failed attempts: dial tcp 127\.0\.0\.1:\d+: connect: connection refused/,
    ],
    [
      "tells of an unreachable bastion",
      /proxy: after 1 failed attempts: dial tcp 127\.0\.0\.1:\d+: connect: connection refused/,
    ],
    [
      "tells of a host that the bastion cannot reach",
      /proxy: after 1 failed attempts: ssh: rejected:/,
    ],
    [
      "tells of an environment variable that sshd refuses",
      /could not set environment variable "REFUSED": ssh: setenv failed/,
    ],
  ])("%s", (_name, expected) => {
    expect(text).toMatch(expected);
  });

  test("of one resource leaves the others alone: the right host key and the proxy work", () => {
    expect(host.takeExecutions()).toContainEqual(
      expect.objectContaining({ command: "echo right-host-key; cat" }),
    );
    expect(other.takeExecutions()).toMatchObject([{ command: "echo through-proxy; cat" }]);
    expect(bastion.tunnels).toEqual([`127.0.0.1:${other.port}`]);
  });

  test("of an update leaves the old inputs in the state, so that it is tried again", async () => {
    const before = command("retried");
    const after = command("retried", { stdin: "two", update: "cat; exit 1" });
    program.set([before]);
    await program.up();
    program.set([after]);
    expect((await program.stack.up()).code).not.toBe(0);
    expect((await program.plan())["retried"]).toBe("update");
    program.set([before]);
    expect((await program.plan())["retried"]).toBe("same");
  });

  test("of the source of a copy is found before anything is done", async () => {
    program.set([copy("made-of-assets", { source: { $assets: { file: { $text: "one" } } } })]);
    const { code, text: said } = await program.stack.preview();
    expect(code).not.toBe(0);
    expect(said).toContain("archive must be a path to a file or directory");
  });
});

/** A port at which nobody listens. */
async function unusedPort(): Promise<number> {
  const server = await SshServer.start({
    home: home("nobody"),
    authorizedKey: key.public,
    acceptEnv: () => false,
  });
  const { port } = server;
  await server.stop();
  return port;
}
