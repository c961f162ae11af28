import { CliError } from "../cli/cliError";
import { hear } from "./ask";
import { expected, healthy } from "./testing";

const CLASSIC = expected();

test("the machine of the first name server is asked, and nobody else", async () => {
  const asked: string[] = [];
  const hearing = await hear(CLASSIC, (machine) => {
    asked.push(machine);
    return Promise.resolve(healthy(CLASSIC));
  });
  expect(asked).toEqual(["ns1"]);
  expect(hearing).toMatchObject({ askedFrom: "ns1", failed: [] });
});

test("where it cannot be asked the next one is, and it is told of", async () => {
  const hearing = await hear(CLASSIC, (machine) =>
    machine === "ns1"
      ? Promise.reject(new CliError("no answer", "Look whether it runs."))
      : Promise.resolve(healthy(CLASSIC)),
  );
  expect(hearing.askedFrom).toBe("ns2");
  expect(hearing.failed).toEqual([
    { machine: "ns1", error: "no answer", help: "Look whether it runs." },
  ]);
});

test("it does not go on for ever", async () => {
  const many = expected({
    machines: Array.from({ length: 30 }, (_, i) => ({ name: `m${i}`, address: `10.0.0.${i + 1}` })),
    brokerGroups: 10,
  });
  const hearing = await hear(many, () => Promise.reject(new Error("no answer")));
  expect(hearing.report).toBeUndefined();
  expect(hearing.failed).toHaveLength(5);
});
