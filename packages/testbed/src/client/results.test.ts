import { lastResult, type ConsumeResult } from "./results";

test("the last line is the result", () => {
  const stdout = '{"event":"progress","sent":1}\n{"ok":true,"received":3}\n';
  expect(lastResult<ConsumeResult>(stdout, "").received).toBe(3);
});

test("a result that is not ok is a result", () => {
  expect(lastResult<ConsumeResult>('{"ok":false,"received":0}\n', "").ok).toBe(false);
});

test("no result", () => {
  expect(() => lastResult("", "Exception in thread main")).toThrow(/no result:\nException/);
  expect(() => lastResult("java: not JSON\n", "")).toThrow(/no result/);
});

test("an error that kept the client from beginning", () => {
  expect(() => lastResult('{"ok":false,"error":"no message came back"}\n', "")).toThrow(
    "the message client failed: no message came back",
  );
});
