import { forEach } from "./parallel";

test("a bounded number runs at once, and outcomes keep the order of the items", async () => {
  let [running, most] = [0, 0];
  const outcomes = await forEach(
    [...Array(20).keys()],
    async (item) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, item % 3));
      running--;
      if (item === 7) {
        throw new Error("seven");
      }
      return item * 2;
    },
    4,
  );
  expect(most).toBe(4);
  expect(outcomes.map((outcome) => ("value" in outcome ? outcome.value : undefined))).toEqual(
    [...Array(20).keys()].map((item) => (item === 7 ? undefined : item * 2)),
  );
  expect(outcomes[7]).toMatchObject({ item: 7, error: { message: "seven" } });
});
