import { flatten } from "./configValues";

test("nested values become paths as the CLI takes them", () => {
  expect(
    flatten({
      version: "5.5.0",
      nameServers: 2,
      machines: [{ name: "a", roles: ["broker", "namesrv"] }],
      os: { sysctl: { "vm.swappiness": "10" } },
    }),
  ).toEqual({
    version: "5.5.0",
    nameServers: "2",
    "machines[0].name": "a",
    "machines[0].roles[0]": "broker",
    "machines[0].roles[1]": "namesrv",
    'os.sysctl["vm.swappiness"]': "10",
  });
});
