import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { pipeline } from "node:stream/promises";

/** SHA-512 of a file, as lower-case hex. */
export async function sha512(file: string): Promise<string> {
  const hash = createHash("sha512");
  await pipeline(fs.createReadStream(file), hash);
  return hash.digest("hex");
}

/**
 * The text of a `.sha512` file in one of the two forms in use at Apache: `sha512sum` writes
 * `hex  file`, `gpg --print-md SHA512` writes `file: ` and upper-case groups of eight over two lines.
 */
export function checksumFile(form: "gpg" | "sha512sum", name: string, digest: string): string {
  if (form === "sha512sum") {
    return `${digest}  ${name}\n`;
  }
  const groups = digest.toUpperCase().match(/.{8}/g) ?? [];
  const indent = " ".repeat(name.length + 2);
  return `${name}: ${groups.slice(0, 8).join(" ")}\n${indent}${groups.slice(8).join(" ")}\n`;
}
