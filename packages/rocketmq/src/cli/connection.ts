/** How to log in to one SSH server, as it stands in the state of a step. */
export interface Login {
  host: string;
  port: number;
  user: string;
  privateKey?: string;
  /** Passphrase of the key. */
  privateKeyPassword?: string;
  password?: string;
  /** Socket of an SSH agent; absent where neither key nor password is given: `SSH_AUTH_SOCK`. */
  agentSocketPath?: string;
  /** The key that the server must show, as in `known_hosts` without the name; absent: any. */
  hostKey?: string;
  /** Seconds that one try may take. */
  perDialTimeout: number;
}

/** How to run the agent on a machine. */
export interface HostConnection extends Login {
  /** A jump host on the way. */
  proxy?: Login;
  /** Whether the agent may become root by sudo. */
  sudo: boolean;
}

/** The connection of a step's inputs, with the defaults of the command provider. */
export function hostConnection(inputs: Record<string, unknown>, sudo: boolean): HostConnection {
  const { proxy, ...own } = inputs;
  return {
    ...login(own),
    ...(proxy ? { proxy: login(proxy as Record<string, unknown>) } : {}),
    sudo,
  };
}

const TEXTS = [
  "privateKey",
  "privateKeyPassword",
  "password",
  "agentSocketPath",
  "hostKey",
] as const;

function login(inputs: Record<string, unknown>): Login {
  const texts = TEXTS.filter((key) => typeof inputs[key] === "string" && inputs[key] !== "");
  return {
    host: inputs["host"] as string,
    port: Number(inputs["port"] ?? 22),
    user: (inputs["user"] as string | undefined) ?? "root",
    ...Object.fromEntries(texts.map((key) => [key, inputs[key]])),
    perDialTimeout: Number(inputs["perDialTimeout"] ?? 15),
  };
}

/** `ops@10.0.0.11:22`, for messages. */
export function loginText({ user, host, port }: Login): string {
  return `${user}@${host}:${port}`;
}
