import * as pulumi from "@pulumi/pulumi";
import { isUnknown, plainView, UNKNOWN } from "./unknown";

test("outputs and promises become the marker, at any depth; the rest is copied", () => {
  const view = plainView({
    version: "5.5.0",
    left: undefined,
    machines: [{ name: "m1", address: pulumi.output("10.0.0.1") }],
    brokerConfig: Promise.resolve({ a: "b" }),
  });
  expect(view).toEqual({
    version: "5.5.0",
    machines: [{ name: "m1", address: UNKNOWN }],
    brokerConfig: UNKNOWN,
  });
});

test("the marker stays the marker", () => {
  expect(isUnknown(plainView(UNKNOWN))).toBe(true);
  expect(isUnknown({})).toBe(false);
  expect(isUnknown(undefined)).toBe(false);
});
