import { servePlugin } from "./plugin";

const host = jest.fn(() => Promise.resolve());
jest.mock("@pulumi/pulumi/provider/experimental", () => ({
  componentProviderHost: (...args: []) => host(...args),
}));

test("nothing is served to a program, nor to another package that uses this one", () => {
  expect(servePlugin(undefined)).toBe(false);
  expect(servePlugin("/app/index.js")).toBe(false);
  expect(servePlugin("/app/node_modules/@pulumi/pulumi/cmd/run/run.js")).toBe(false);
  expect(host).not.toHaveBeenCalled();
});

test("all components are served, under the name that their types have", () => {
  expect(servePlugin("/app/node_modules/@pulumi/pulumi/cmd/run-plugin/run.js")).toBe(true);
  expect(host).toHaveBeenCalledWith(expect.objectContaining({ name: "rocketmq" }));
});
