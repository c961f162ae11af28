import { type Figures, judge, median, table } from "./report";

const figures: Figures = {
  floor: [10, 30, 12],
  fresh: [18],
  freshEnd: [24],
  noChange: [2.5],
  empty: [2, 2.2],
  engine: [1],
  connections: 0,
};

test("medians, of odd and even numbers of values", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test("the engine's own start is taken off the fresh deploy, not off the run with no change", () => {
  const verdict = judge(figures);
  expect(verdict.freshRatio).toBeCloseTo((18 - 1) / 12);
  expect(verdict.noChangeRatio).toBeCloseTo(2.5 / 2.1);
  expect(verdict.met).toEqual({ fresh: true, noChange: true, connections: true });
});

test("what is not met is said", () => {
  const text = table({ ...figures, fresh: [40], noChange: [4], connections: 1 });
  expect(text.match(/NOT met/g)).toHaveLength(3);
});
