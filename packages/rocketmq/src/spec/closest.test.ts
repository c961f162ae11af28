import { closest } from "./closest";

const known = ["machines", "nameServers", "brokerGroups", "version"];

test.each([
  ["machine", "machines"],
  ["nameservers", "nameServers"],
  ["brokerGroup", "brokerGroups"],
  ["verison", "version"],
  ["replicas", undefined],
  ["x", undefined],
])("%s: %s", (word, expected) => {
  expect(closest(word, known)).toBe(expected);
});
