import { isSecretPath, markSecrets, validateConfig } from "./validateConfig";

const MACHINES = '[{"name":"m1","address":"10.0.0.1"},{"name":"m2","address":"10.0.0.2"}]';

test("text becomes what the schema says, text stays text", () => {
  const { args, errors } = validateConfig({
    clusterName: "123",
    nameServers: "1",
    machines: MACHINES,
    brokerConfig: '{"fileReservedTime":48,"slaveReadEnable":true}',
    connection: '{"port":"2222","sudo":"false"}',
    os: { tune: "false" },
  });
  expect(errors).toEqual([]);
  expect(args).toEqual({
    clusterName: "123",
    nameServers: 1,
    machines: [
      { name: "m1", address: "10.0.0.1" },
      { name: "m2", address: "10.0.0.2" },
    ],
    brokerConfig: { fileReservedTime: "48", slaveReadEnable: "true" },
    connection: { port: 2222, sudo: false },
    os: { tune: false },
  });
});

test("what does not fit is left for the error message", () => {
  const { errors } = validateConfig({ machines: "m1,m2", nameServers: "two", exporter: "{broken" });
  expect(errors.map(({ path, rule, message }) => `${path} ${rule}: ${message}`)).toEqual([
    'machines type: must be a list, not "m1,m2"',
    'nameServers type: must be a whole number, not "two"',
    'exporter type: must be an object, not "{broken"',
  ]);
});

test("an empty configuration says what is needed", () => {
  const { errors } = validateConfig({});
  expect(errors.map(({ path, rule }) => `${path} ${rule}`)).toEqual(["machines required"]);
  expect(errors[0]?.remedy).toContain('[{"name":"mq1","address":"10.0.0.11"}');
});

test.each([
  ["connection.privateKey", true],
  ["machines[3].connection.password", true],
  ["connection.bastion.privateKeyPassword", true],
  ["consul.token", true],
  ["host.machine.connection.privateKey", true],
  ["connection.user", false],
  ["topics.token", false],
  ['brokerConfig["password"]', false],
])("%s is a secret: %s", (path, expected) => {
  expect(isSecretPath(path)).toBe(expected);
});

test("secrets are wrapped where they stand, nothing else is", () => {
  const wrapped = markSecrets(
    {
      connection: { user: "ops", privateKey: "k", password: undefined },
      machines: [{ name: "m1", connection: { bastion: { host: "b", password: "p" } } }],
      consul: { address: "c", token: "t" },
      topics: { token: { perm: 6 } },
    },
    (value) => [value],
  );
  expect(wrapped).toEqual({
    connection: { user: "ops", privateKey: ["k"], password: undefined },
    machines: [{ name: "m1", connection: { bastion: { host: "b", password: ["p"] } } }],
    consul: { address: "c", token: ["t"] },
    topics: { token: { perm: 6 } },
  });
});
