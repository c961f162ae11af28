/** Whom a connection was meant for. */
export interface SshTarget {
  /** The machine's name in the program. */
  machine: string;
  /** `user@address:port` */
  login: string;
}

/** What the errors of SSH mean, by a piece of their text: the cause and what to do. */
const MEANINGS: readonly [RegExp, string][] = [
  [
    /host key mismatch/,
    "The machine shows another host key than `connection.hostKey`. If it was installed anew, put its new key there (ssh-keyscan prints it; compare it on the machine's console). If not, another machine answers at this address: do not go on.",
  ],
  [
    /unable to authenticate/,
    "The machine refuses the login. See that `connection.user` exists there, that its authorized_keys holds the public half of `connection.privateKey` (or that the password is right), and that `ssh` with the same user and key logs in.",
  ],
  [
    /no key found|passphrase|cannot decode|parse.*private key/i,
    "`connection.privateKey` cannot be read. Give the whole file, with its BEGIN and END lines and line breaks, and `connection.privateKeyPassword` if it is encrypted.",
  ],
  [
    /no such host|server misbehaving/,
    "The name has no address here. Correct `address` (or `connection.host`), or the DNS of the machine that runs Pulumi.",
  ],
  [
    /connection refused/,
    "The machine is there but nothing listens on this port. See that sshd runs, and that `connection.port` is right.",
  ],
  [
    /i\/o timeout|timed out|no route to host|network is unreachable/,
    "Nothing answers there. See that the machine runs, that its address is right (`connection.host`, where SSH goes by another one), that a firewall lets this port through from here, or set a `connection.bastion`.",
  ],
  [
    /handshake failed|connection reset/,
    "The machine ends the connection at once. See that this port is sshd's, and its log (journalctl -u ssh -u sshd) for why.",
  ],
];

/** The agent was uploaded earlier, and the machine has it no more. */
const NO_AGENT =
  /(cannot open|can't open|No such file.*)\s*'?\.rocketmq-agent|\.rocketmq-agent'?: No such/;

/**
 * What to tell about a failure that the agent could not explain itself, since it never ran; nothing
 * where it did.
 */
export function sshRemedy(error: string, { machine, login }: SshTarget): string | undefined {
  if (NO_AGENT.test(error)) {
    return told(
      `${machine}: the agent that an earlier run put there is gone`,
      'Where the machine was built anew, run: pulumi up --replace "**-agent"',
    );
  }
  if (!/dial |ssh: |after \d+ failed attempts|^proxy: |private key/i.test(error)) {
    return undefined;
  }
  const reason = error.replace(/^(proxy: )?after \d+ failed attempts?: /, "").trim();
  const meaning = MEANINGS.find(([text]) => text.test(error))?.[1];
  return told(
    `${machine}: no SSH connection to ${login}${error.startsWith("proxy: ") ? " through its bastion" : ""}: ${reason}`,
    meaning ?? "Try the same login with ssh -v from here.",
  );
}

function told(what: string, remedy: string): string {
  return `${what}\n  ${remedy}`;
}
