import { Turns, turnsOf } from "./turns";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Who has got a turn, in order. */
function queue(turns: Turns, count: number): { got: number[]; giveBack: Map<number, () => void> } {
  const got: number[] = [];
  const giveBack = new Map<number, () => void>();
  for (let i = 0; i < count; i++) {
    void turns.take().then((end) => {
      got.push(i);
      giveBack.set(i, end);
    });
  }
  return { got, giveBack };
}

test("no more at a time than allowed; the next comes when one is over", async () => {
  const { got, giveBack } = queue(new Turns(2), 4);
  await jest.advanceTimersByTimeAsync(0);
  expect(got).toEqual([0, 1]);
  giveBack.get(1)?.();
  giveBack.get(1)?.();
  await jest.advanceTimersByTimeAsync(0);
  expect(got).toEqual([0, 1, 2]);
});

test("a step that is longer than a login keeps nobody waiting", async () => {
  const { got } = queue(new Turns(2, 1000), 5);
  await jest.advanceTimersByTimeAsync(999);
  expect(got).toEqual([0, 1]);
  await jest.advanceTimersByTimeAsync(1);
  expect(got).toEqual([0, 1, 2, 3]);
  await jest.advanceTimersByTimeAsync(1000);
  expect(got).toEqual([0, 1, 2, 3, 4]);
});

test("a turn that nobody waits for is there for the next", async () => {
  const turns = new Turns(1);
  (await turns.take())();
  const { got } = queue(turns, 1);
  await jest.advanceTimersByTimeAsync(0);
  expect(got).toEqual([0]);
});

test("each bastion has its own", () => {
  expect(turnsOf("one:22")).toBe(turnsOf("one:22"));
  expect(turnsOf("one:22")).not.toBe(turnsOf("two:22"));
});
