/** A value of a cluster's configuration. */
export type ConfigValue =
  string | number | boolean | readonly ConfigValue[] | { readonly [key: string]: ConfigValue };

/** `{ machines: [{ name: "a" }] }` as `pulumi config set --path` takes it: `machines[0].name`. */
export function flatten(value: ConfigValue, path = ""): Record<string, string> {
  if (Array.isArray(value)) {
    return Object.assign(
      {},
      ...value.map((member: ConfigValue, i) => flatten(member, `${path}[${i}]`)),
    ) as Record<string, string>;
  }
  if (typeof value === "object") {
    return Object.assign(
      {},
      ...Object.entries(value).map(([key, member]) =>
        flatten(member, path === "" ? key : `${path}${segment(key)}`),
      ),
    ) as Record<string, string>;
  }
  return { [path]: String(value) };
}

/** Keys with a dot in them (`vm.swappiness`) are quoted. */
function segment(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) ? `.${key}` : `["${key}"]`;
}
