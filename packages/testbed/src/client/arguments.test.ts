import { commandLine } from "./arguments";

test("options that are not given are left out", () => {
  expect(commandLine("consume", { namesrv: "a:1;b:1", count: 0, keys: undefined })).toEqual([
    "consume",
    "--namesrv",
    "a:1;b:1",
    "--count",
    "0",
  ]);
});
