import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { checksumFile, sha512 } from "./checksum";

// What gpg 2.2 and sha512sum print for a file that holds "abc\n".
const DIGEST =
  "4f285d0c0cc77286d8731798b7aae2639e28270d4166f40d769cbbdca5230714" +
  "d848483d364e2f39fe6cb9083c15229b39a33615ebc6d57605f7c43f6906739d";

test("the form of gpg --print-md", () => {
  expect(checksumFile("gpg", "x.zip", DIGEST)).toBe(
    "x.zip: 4F285D0C 0CC77286 D8731798 B7AAE263 9E28270D 4166F40D 769CBBDC A5230714\n" +
      "       D848483D 364E2F39 FE6CB908 3C15229B 39A33615 EBC6D576 05F7C43F 6906739D\n",
  );
});

test("the form of sha512sum", () => {
  expect(checksumFile("sha512sum", "x.zip", DIGEST)).toBe(`${DIGEST}  x.zip\n`);
});

test("a file larger than one buffer", async () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "checksum-")), "x.zip");
  try {
    fs.writeFileSync(file, "abc\n");
    expect(await sha512(file)).toBe(DIGEST);
    const large = Buffer.alloc(300_000, "x");
    fs.writeFileSync(file, large);
    expect(await sha512(file)).toBe(createHash("sha512").update(large).digest("hex"));
  } finally {
    fs.rmSync(path.dirname(file), { recursive: true });
  }
});
