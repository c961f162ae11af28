import type { ServerResponse } from "node:http";
import { Transform } from "node:stream";

/** Changes the byte at `position` of what passes through. */
export function corrupt(position: number): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const at = position - passed;
      passed += chunk.length;
      if (at >= 0 && at < chunk.length) {
        const changed = Buffer.from(chunk);
        changed[at] = (changed[at] ?? 0) ^ 0xff;
        done(null, changed);
        return;
      }
      done(null, chunk);
    },
  });
}

/** Lets at most so many bytes a second pass. */
export function throttle(bytesPerSecond: number): Transform {
  const from = Date.now();
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      const due = from + (passed / bytesPerSecond) * 1000;
      setTimeout(() => done(null, chunk), Math.max(0, due - Date.now()));
    },
  });
}

/** Ends the connection after so many bytes, without a word. */
export function truncate(bytes: number, response: ServerResponse): Transform {
  let left = bytes;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (chunk.length < left) {
        left -= chunk.length;
        done(null, chunk);
        return;
      }
      // Only once the bytes are on their way: destroying earlier would drop them.
      response.write(chunk.subarray(0, left), () => response.destroy());
    },
  });
}
