import * as pulumi from "@pulumi/pulumi";

/** Maps that may hold a password: RocketMQ's ACL is configured by keys of broker.conf. */
const MAPS = ["brokerConfig", "namesrvConfig"];

/**
 * Has such a map be a secret as a whole where one of its values was set with
 * `pulumi config set --secret --path`: which one it was, a program is not told.
 *
 * @param keys the keys with secrets as the language host passes them, a list in JSON
 */
export function secretMaps(
  args: Record<string, unknown>,
  project: string,
  keys = process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]",
): Record<string, unknown> {
  // It writes "project:config:key", as older SDKs did.
  const secret = (JSON.parse(keys) as string[]).map((key) => key.replace(":config:", ":"));
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      MAPS.includes(key) && secret.includes(`${project}:${key}`) ? pulumi.secret(value) : value,
    ]),
  );
}
