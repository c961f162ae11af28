import type { JvmDocument } from "../remote/documents";
import { BROKER_OPTIONS, brokerJvm, COMMON_OPTIONS, exporterJvm, namesrvJvm } from "./jvm";

/** The options on a Java, as the agent puts them together. */
function on(java: number, { options, byJava, extra }: JvmDocument): string[] {
  const fitting = byJava.filter(({ from = 0, to = java }) => from <= java && java <= to);
  return [...options, ...fitting.flatMap((part) => part.options), ...extra];
}

const broker = (version: string, heapMb?: number) =>
  brokerJvm(version, { heapMb, options: ["-Dmine=1"] }, false);

test.each([
  ["4.9.3", 8, false],
  ["4.9.3", 11, true],
  ["4.9.7", 17, true],
  ["5.1.4", 17, true],
  ["5.3.3", 17, false],
  ["5.5.0", 21, false],
])("%s on Java %i opens the JDK: %s", (version, java, expected) => {
  for (const jvm of [broker(version), namesrvJvm(version, { options: [] })]) {
    const opened = on(java, jvm).filter((option) => option.startsWith("--add-opens="));
    expect(opened).toEqual(
      expected
        ? [
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
          ]
        : [],
    );
  }
});

test("no Java gets an option that it does not know, nor two collectors", () => {
  for (const java of [8, 11, 17, 21]) {
    const options = on(java, broker("5.5.0"));
    expect(options.includes("-XX:-UseBiasedLocking")).toBe(java < 15);
    expect(options.filter((option) => /Use\w+GC$/.test(option))).toEqual(["-XX:+UseG1GC"]);
  }
});

test.each([
  [undefined, "16m"],
  [8192, "16m"],
  [1024, "16m"],
  [512, "8m"],
  [256, "4m"],
  [128, "2m"],
  [64, "1m"],
])("a heap of %s MiB has regions of %s", (heapMb, expected) => {
  expect(broker("5.5.0", heapMb).options).toContain(`-XX:G1HeapRegionSize=${expected}`);
});

test("memory is the user's, or a share with bounds", () => {
  expect(broker("5.5.0", 2048).heap).toEqual({ mb: 2048 });
  expect(broker("5.5.0").heap).toEqual({ percent: 25, minMb: 512, maxMb: 8192 });
  expect(broker("5.5.0").direct).toEqual({ percent: 10, minMb: 256, maxMb: 4096 });
  expect(namesrvJvm("5.5.0", { options: [] }).direct).toBeUndefined();
  expect(exporterJvm({ options: [] }).heap).toEqual({ mb: 256 });
});

test("the transient store pool needs its buffers, unless the user says how much", () => {
  expect(brokerJvm("5.5.0", { options: [] }, true).direct).toEqual({ mb: 6144 });
  expect(brokerJvm("5.5.0", { directMemoryMb: 8000, options: [] }, true).direct).toEqual({
    mb: 8000,
  });
});

test("the user's options come last", () => {
  expect(on(17, broker("4.9.3")).at(-1)).toBe("-Dmine=1");
});

test("every option has a reason", () => {
  for (const { reason } of [...COMMON_OPTIONS, ...BROKER_OPTIONS]) {
    expect(reason).toMatch(/\.$/);
  }
});
