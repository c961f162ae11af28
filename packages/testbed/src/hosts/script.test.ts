import { settings } from "./script";

const SET = { name: "some", net: "10.9.0", bridge: "br-some" };

test("what is not asked for is empty, so that the caller's environment has no say", () => {
  const env = settings(SET);
  expect(env["HOSTS_DIR"]).toMatch(/\/pulumi-rocketmq\/hosts\/some$/);
  expect(env).toMatchObject({
    HOSTS_NET: "10.9.0",
    HOSTS_BRIDGE: "br-some",
    HOSTS_NET2: "",
    HOSTS_WITHOUT: "",
    HOSTS_DISK: "",
    HOSTS_MEMORY: "",
    HOSTS_FAKE_SYSCTL: "1",
  });
});

test("properties of new hosts", () => {
  expect(
    settings(SET, { net2: "10.9.1", without: ["java", "python"], disk: "500M", sysctl: false }),
  ).toMatchObject({
    HOSTS_NET2: "10.9.1",
    HOSTS_WITHOUT: "java,python",
    HOSTS_DISK: "500M",
    HOSTS_FAKE_SYSCTL: "0",
  });
});
