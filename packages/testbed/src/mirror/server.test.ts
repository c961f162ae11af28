import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type Mirror, startMirror } from "./server";

const ARCHIVE = "/9.9.9/rocketmq-all-9.9.9-bin-release.zip";
const CONTENT = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
let folder: string;
let mirror: Mirror;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "mirror-"));
  fs.mkdirSync(path.join(folder, "9.9.9"));
  fs.writeFileSync(path.join(folder, ARCHIVE), CONTENT);
  fs.writeFileSync(path.join(folder, "secret"), "not for everybody");
  mirror = await startMirror({ address: "127.0.0.1", folder });
});

afterEach(async () => {
  await mirror.stop();
  fs.rmSync(folder, { recursive: true });
});

async function get(
  file = ARCHIVE,
  init?: RequestInit,
): Promise<{ response: Response; body: Buffer }> {
  const response = await fetch(mirror.url + file, init);
  return { response, body: Buffer.from(await response.arrayBuffer()) };
}

test("an archive, whole", async () => {
  const { response, body } = await get();
  expect(response.status).toBe(200);
  expect(body.equals(CONTENT)).toBe(true);
  expect(mirror.requests).toEqual([
    { method: "GET", path: `/dist/rocketmq${ARCHIVE}`, from: "127.0.0.1", status: 200 },
  ]);
});

test("HEAD tells the size and sends nothing", async () => {
  const { response, body } = await get(ARCHIVE, { method: "HEAD" });
  expect(response.headers.get("content-length")).toBe(String(CONTENT.length));
  expect(body).toHaveLength(0);
});

test("a part of it, as a download that goes on asks for", async () => {
  const { response, body } = await get(ARCHIVE, { headers: { Range: "bytes=150000-" } });
  expect(response.status).toBe(206);
  expect(response.headers.get("content-range")).toBe("bytes 150000-199999/200000");
  expect(body.equals(CONTENT.subarray(150_000))).toBe(true);
  expect((await get(ARCHIVE, { headers: { Range: "bytes=200000-" } })).response.status).toBe(416);
});

test.each([
  "/9.9.9/none.zip",
  "/9.9.9",
  "/",
  "/../secret",
  "/9.9.9/..%2f..%2fsecret",
  "/%2e%2e/secret",
  "/x/../../secret",
])("nothing at %s", async (file) => {
  expect((await get(file)).response.status).toBe(404);
});

test("the root answers, so that a start can be waited for", async () => {
  expect((await fetch(new URL("/", mirror.url))).status).toBe(200);
});

test("missing, once", async () => {
  mirror.faults.add(ARCHIVE, { kind: "missing" }, 1);
  expect((await get()).response.status).toBe(404);
  expect((await get()).response.status).toBe(200);
});

test("a fault of the archive is not one of its checksum", async () => {
  fs.writeFileSync(path.join(folder, `${ARCHIVE}.sha512`), "digest");
  mirror.faults.add(ARCHIVE, { kind: "missing" }, Infinity, "192.0.2.1");
  expect((await get()).response.status).toBe(200);
  mirror.faults.add(ARCHIVE, { kind: "missing" }, Infinity, "127.0.0.1");
  expect((await get(`${ARCHIVE}.sha512`)).response.status).toBe(200);
  mirror.faults.clear();
  expect((await get()).response.status).toBe(200);
});

test("truncated: the connection ends early", async () => {
  mirror.faults.add(ARCHIVE, { kind: "truncated", share: 0.25 });
  const response = await fetch(mirror.url + ARCHIVE);
  expect(response.headers.get("content-length")).toBe(String(CONTENT.length));
  await expect(response.arrayBuffer()).rejects.toThrow("terminated");
});

test("corrupt: one byte, the same length", async () => {
  mirror.faults.add(/zip$/, { kind: "corrupt" });
  const { body } = await get();
  expect(body).toHaveLength(CONTENT.length);
  const wrong = [...body.keys()].filter((i) => body[i] !== CONTENT[i]);
  expect(wrong).toEqual([100_000]);
});

test("replaced, and a status", async () => {
  mirror.faults.add(ARCHIVE, { kind: "replaced", body: "<html>please log in</html>" }, 1);
  expect((await get()).body.toString()).toContain("log in");
  mirror.faults.add(ARCHIVE, { kind: "status", status: 503 }, 1);
  expect((await get()).response.status).toBe(503);
});

test("slow", async () => {
  mirror.faults.add(ARCHIVE, { kind: "slow", bytesPerSecond: 400_000 });
  const from = Date.now();
  const { body } = await get();
  expect(body.equals(CONTENT)).toBe(true);
  expect(Date.now() - from).toBeGreaterThan(450);
});

test("silent", async () => {
  mirror.faults.add(ARCHIVE, { kind: "silent" });
  await expect(get(ARCHIVE, { signal: AbortSignal.timeout(200) })).rejects.toThrow(/timeout/);
});

test("the wrong time", async () => {
  mirror.faults.add(/./, { kind: "clock", offsetSeconds: -7200 });
  const { response } = await get(ARCHIVE, { method: "HEAD" });
  const off = Date.parse(response.headers.get("date") ?? "") - Date.now();
  expect(Math.abs(off + 7_200_000)).toBeLessThan(5_000);
});
