/**
 * Half of a run with nothing to do would be the start of the Node.js process, most of it for
 * parts of Pulumi's SDK that no cluster needs. Imported first, this takes it out of the way.
 */
import Module, { createRequire } from "node:module";

/**
 * What the SDK loads at its start and uses only for programs inside programs and for functions
 * turned into text: the TypeScript compiler and npm's resolver among them (0.6 s of 0.8).
 */
const SELDOM_USED = [
  "./automation",
  "./typescript-shim",
  "@npmcli/arborist",
  "normalize-package-data",
];

const fromSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));

/** Has a module loaded when something of it is asked for, not before. */
function defer(request: string): void {
  let file: string;
  try {
    file = fromSdk.resolve(request);
  } catch {
    // Another release of the SDK does without it.
    return;
  }
  const cache = fromSdk.cache;
  if (cache[file]) {
    return;
  }
  const placeholder = new Module(file);
  const real = (): Record<PropertyKey, unknown> => {
    if (cache[file] === placeholder) {
      delete cache[file];
    }
    return fromSdk(file) as Record<PropertyKey, unknown>;
  };
  placeholder.filename = file;
  placeholder.loaded = true;
  placeholder.exports = new Proxy(
    {},
    {
      get(_, key) {
        // Asked by what TypeScript makes of an import; a copy of the exports would load them all.
        if (key === "__esModule") {
          return true;
        }
        const exports = real();
        return key === "default" && exports["__esModule"] !== true ? exports : exports[key];
      },
      has: (_, key) => key in real(),
      ownKeys: () => Reflect.ownKeys(real()),
      getOwnPropertyDescriptor(_, key) {
        const descriptor = Object.getOwnPropertyDescriptor(real(), key);
        return descriptor && { ...descriptor, configurable: true };
      },
    },
  );
  cache[file] = placeholder;
}

/**
 * The SDK keeps the stack of every promise it makes, to show it when asked to debug leaks; to map
 * each frame to its source takes a tenth of the run. Errors that say something are still mapped.
 */
function skipUnseenTraces(): void {
  const mapped = Error.prepareStackTrace?.bind(Error);
  if (mapped === undefined || process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) {
    return;
  }
  Error.prepareStackTrace = (error, frames): unknown =>
    error.message === "" ? String(error) : mapped(error, frames);
}

SELDOM_USED.forEach(defer);
skipUnseenTraces();
