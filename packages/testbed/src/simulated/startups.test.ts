import { dropRate, Startups } from "./startups";

test.each([
  [0, 0],
  [9, 0],
  [10, 0.3],
  [55, 0.65],
  [100, 1],
  [200, 1],
])("with %i waiting sshd drops %f of the new ones", (waiting, rate) => {
  expect(dropRate(waiting)).toBeCloseTo(rate);
});

test("counts those that came, those that were dropped, and the most at a time", () => {
  let random = 1;
  const startups = new Startups(() => random);
  for (let i = 0; i < 12; i++) {
    expect(startups.enter()).toBe(true);
  }
  random = 0;
  expect(startups.enter()).toBe(false);
  for (let i = 0; i < 12; i++) {
    startups.leave();
  }
  expect(startups.enter()).toBe(true);
  expect(startups).toMatchObject({ all: 14, dropped: 1, most: 12 });
});
