import { type Turn, Turns, turnsOf } from "./turns";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Who has got a turn, in order. */
function queue(turns: Turns, count: number): { got: number[]; turn: Map<number, Turn> } {
  const got: number[] = [];
  const turn = new Map<number, Turn>();
  for (let i = 0; i < count; i++) {
    void turns.take().then((taken) => {
      got.push(i);
      turn.set(i, taken);
    });
  }
  return { got, turn };
}

/** Turns of a bastion of which it is known how long a quick step takes. */
async function known(atATime: number, quickestMs: number): Promise<Turns> {
  const turns = new Turns(atATime);
  const first = await turns.take();
  await jest.advanceTimersByTimeAsync(quickestMs);
  first.done();
  return turns;
}

test("no more at a time than allowed; the next comes when one is over", async () => {
  const { got, turn } = queue(new Turns(2), 4);
  await jest.advanceTimersByTimeAsync(0);
  expect(got).toEqual([0, 1]);
  turn.get(1)?.done();
  turn.get(1)?.release();
  await jest.advanceTimersByTimeAsync(0);
  expect(got).toEqual([0, 1, 2]);
});

test.each([
  [100, 1000],
  [600, 1200],
  [4000, 8000],
  [60_000, 15_000],
])(
  "when the quickest step took %i ms, a longer one keeps others waiting for %i",
  async (ms, hold) => {
    const { got } = queue(await known(2, ms), 5);
    await jest.advanceTimersByTimeAsync(hold - 1);
    expect(got).toEqual([0, 1]);
    await jest.advanceTimersByTimeAsync(1);
    expect(got).toEqual([0, 1, 2, 3]);
    await jest.advanceTimersByTimeAsync(hold);
    expect(got).toEqual([0, 1, 2, 3, 4]);
  },
);

test("of a bastion that nothing is known of, a slow login is expected", async () => {
  const { got, turn } = queue(new Turns(1), 3);
  await jest.advanceTimersByTimeAsync(4999);
  expect(got).toEqual([0]);
  await jest.advanceTimersByTimeAsync(1);
  expect(got).toEqual([0, 1]);
  // A step that was not logged in when it ended says nothing about logins.
  turn.get(1)?.release();
  await jest.advanceTimersByTimeAsync(4999);
  expect(got).toEqual([0, 1, 2]);
});

test("a step that outlived its turn is learned from too", async () => {
  const turns = new Turns(1);
  const slow = await turns.take();
  await jest.advanceTimersByTimeAsync(7000);
  slow.done();
  const { got } = queue(turns, 2);
  await jest.advanceTimersByTimeAsync(13_999);
  expect(got).toEqual([0]);
  await jest.advanceTimersByTimeAsync(1);
  expect(got).toEqual([0, 1]);
});

test("a turn that nobody waits for is there for the next", async () => {
  const turns = new Turns(1);
  (await turns.take()).release();
  const { got } = queue(turns, 1);
  await jest.advanceTimersByTimeAsync(0);
  expect(got).toEqual([0]);
});

test("each bastion has its own", () => {
  expect(turnsOf("one:22")).toBe(turnsOf("one:22"));
  expect(turnsOf("one:22")).not.toBe(turnsOf("two:22"));
});
