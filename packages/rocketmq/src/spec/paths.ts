/** The steps from the root to a value: keys and indices. */
export type Path = readonly (string | number)[];

/** `machines[1].address`; keys that are no identifiers in brackets: `os.sysctl["vm.swappiness"]`. */
export function pathText(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") {
        return `[${step}]`;
      }
      if (!/^[A-Za-z_$][\w$]*$/.test(step)) {
        return `[${JSON.stringify(step)}]`;
      }
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

/** From ajv's JSON pointer; `root` tells arrays from objects with numbers as keys. */
export function pointerPath(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  let value = root;
  for (const raw of pointer.split("/").slice(1)) {
    const key = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    const step = Array.isArray(value) ? Number(key) : key;
    path.push(step);
    value = member(value, step);
  }
  return path;
}

/** What is at one step below a value; undefined where there is nothing. */
export function member(value: unknown, step: string | number): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string | number, unknown>)[step]
    : undefined;
}

/** The values from the root to the end of a path, both included. */
export function along(root: unknown, path: Path): unknown[] {
  const values = [root];
  for (const step of path) {
    values.push(member(values[values.length - 1], step));
  }
  return values;
}
