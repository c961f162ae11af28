import * as pulumi from "@pulumi/pulumi";

/** Keys whose values are secrets, wherever they stand (`writeOnly` in the schema). */
export const SECRET_KEYS: readonly string[] = [
  "password",
  "privateKey",
  "privateKeyPassword",
  "token",
];

/** Maps whose keys are the user's own words: a topic called `token` is no secret. */
const FREE_MAPS: readonly string[] = [
  "brokerConfig",
  "namesrvConfig",
  "topics",
  "subscriptionGroups",
  "sysctl",
  "meta",
];

/** Whether the value at a path such as `connection.privateKey` is a secret. */
export function isSecretPath(path: string): boolean {
  const steps = path.split(/[.[\]"]+/).filter((step) => step !== "");
  return (
    SECRET_KEYS.includes(steps[steps.length - 1] ?? "") &&
    !steps.some((step) => FREE_MAPS.includes(step))
  );
}

/** A copy of `args` with every secret value given to `wrap` (`pulumi.secret`). */
export function markSecrets(
  args: Record<string, unknown>,
  wrap: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [key, marked(key, value, wrap)]),
  );
}

function marked(key: string, value: unknown, wrap: (value: unknown) => unknown): unknown {
  if (value === undefined || FREE_MAPS.includes(key)) {
    return value;
  }
  return SECRET_KEYS.includes(key) ? wrap(value) : markedMembers(value, wrap);
}

/** Outputs, promises and resources are left whole: what is in them is wrapped by whoever made it. */
function markedMembers(value: unknown, wrap: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => markedMembers(element, wrap));
  }
  const isPlainObject =
    typeof value === "object" &&
    value !== null &&
    !pulumi.Output.isInstance(value) &&
    Object.getPrototypeOf(value) === Object.prototype;
  return isPlainObject ? markSecrets(value as Record<string, unknown>, wrap) : value;
}
