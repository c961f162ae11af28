import { parse, restarted } from "./processes";

test("start times come unit by unit, and units that never ran do not count", () => {
  expect(
    parse(
      [
        "ExecMainStartTimestampMonotonic=0\nId=mqnamesrv.service",
        "Id=mqbroker@broker-a-0.service\nExecMainStartTimestampMonotonic=1234\n",
      ].join("\n\n"),
    ),
  ).toEqual([["mqbroker@broker-a-0", "1234"]]);
  expect(parse("")).toEqual([]);
});

test("what has another start time, or runs no more, was restarted", () => {
  const before = { "h1/a": "1", "h1/b": "2", "h2/c": "3" };
  expect(restarted(before, { ...before })).toEqual([]);
  expect(restarted(before, { "h1/a": "1", "h1/b": "9" })).toEqual(["h1/b", "h2/c"]);
});
