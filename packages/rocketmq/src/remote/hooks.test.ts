import type * as pulumi from "@pulumi/pulumi";
import { mergeHooks } from "./hooks";

test("hooks of a kind run one after the other, and none is lost", () => {
  const hook = (name: string) => ({ name }) as unknown as pulumi.ResourceHook;
  const [first, second, third] = [hook("1"), hook("2"), hook("3")];
  expect(
    mergeHooks({ beforeUpdate: [first] }, undefined, {
      beforeUpdate: [second],
      beforeCreate: [third],
    }),
  ).toEqual({ beforeUpdate: [first, second], beforeCreate: [third] });
});
