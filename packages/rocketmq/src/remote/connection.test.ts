import * as pulumi from "@pulumi/pulumi";
import { commandConnection } from "./connection";

/** Resolved, with secrets as their values. */
function plain(value: object): Promise<unknown> {
  return new Promise((resolve) => void pulumi.output(value).apply(resolve));
}

test("a bastion is entered with the user and key of the machine behind it", async () => {
  const connection = commandConnection(
    { user: "ops", privateKey: "KEY", bastion: { host: "192.0.2.1" } },
    "10.0.0.11",
  );
  expect(await plain(connection)).toMatchObject({
    host: "10.0.0.11",
    proxy: { host: "192.0.2.1", user: "ops", privateKey: "KEY", port: 22 },
  });
});

test("a bastion's own login is not mixed with the machine's", async () => {
  const { proxy } = (await plain(
    commandConnection(
      {
        user: "ops",
        privateKey: "KEY",
        privateKeyPassword: "SECRET",
        bastion: { host: "192.0.2.1", user: "jump", password: "PASSWORD" },
      },
      "10.0.0.11",
    ),
  )) as { proxy: object };
  expect(proxy).toMatchObject({ user: "jump", password: "PASSWORD" });
  expect(proxy).not.toHaveProperty("privateKey");
  expect(proxy).not.toHaveProperty("privateKeyPassword");
});
