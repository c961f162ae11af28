import { sshRemedy } from "./sshRemedy";

const target = { machine: "mq1", login: "ops@10.0.0.11:22" };

test.each([
  ["dial tcp 10.0.0.11:22: i/o timeout", "machine runs"],
  ["dial tcp 10.0.0.11:22: connect: no route to host", "machine runs"],
  ["dial tcp 10.0.0.11:22: connect: connection refused", "sshd runs"],
  ["dial tcp: lookup mq1.example on 10.0.0.2:53: no such host", "has no address"],
  [
    "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
    "authorized_keys",
  ],
  ["ssh: handshake failed: ssh: host key mismatch", "ssh-keyscan"],
  ["ssh: handshake failed: EOF", "journalctl"],
])(
  "a connection that fails (%s) names the machine, the login, the reason and the remedy",
  (reason, remedy) => {
    const text = sshRemedy(`after 10 failed attempts: ${reason}`, target);
    expect(text?.split("\n")[0]).toBe(`mq1: no SSH connection to ops@10.0.0.11:22: ${reason}`);
    expect(text?.split("\n")[1]).toContain(remedy);
  },
);

test("a bastion that fails is named", () => {
  const text = sshRemedy(
    "proxy: after 1 failed attempts: dial tcp 10.0.0.1:22: i/o timeout",
    target,
  );
  expect(text).toContain("through its bastion: dial tcp 10.0.0.1:22: i/o timeout");
});

test.each([["ssh: no key found"], ["ssh: this private key is passphrase protected"]])(
  "a key that cannot be read: %s",
  (error) => expect(sshRemedy(error, target)).toContain("`connection.privateKey` cannot be read"),
);

test.each([
  ["sh: 0: cannot open .rocketmq-agent: No such file"],
  ["sh: .rocketmq-agent: No such file or directory"],
  ["sh: can't open '.rocketmq-agent': No such file or directory"],
])("an agent that is gone: %s", (text) => {
  const error = `Process exited with status 2: running "sh .rocketmq-agent host":\n${text}`;
  expect(sshRemedy(error, target)).toContain('pulumi up --replace "**-agent"');
});

test("what the agent says itself stands alone", () => {
  const error =
    'Process exited with status 65: running "sh .rocketmq-agent preflight":\nmq1: preflight failed: 1 thing to mend first';
  expect(sshRemedy(error, target)).toBeUndefined();
});
