/** One transform for all: types are checked by `tsc --build`, so tests only strip them. */
const transform = {
  "^.+\\.ts$": ["ts-jest", { tsconfig: "<rootDir>/tsconfig.jest.json" }],
};

/** @type {import("jest").Config} */
module.exports = {
  projects: [
    {
      displayName: "unit",
      testEnvironment: "node",
      // Pulumi's runtime is used past the end of a test file.
      testEnvironmentOptions: { globalsCleanup: "off" },
      restoreMocks: true,
      testMatch: ["<rootDir>/packages/*/src/**/*.test.ts"],
      // `pulumi-rocketmq` from its source, so that a test needs no build.
      moduleNameMapper: { "^pulumi-rocketmq$": "<rootDir>/packages/rocketmq/src" },
      transform,
    },
    {
      displayName: "real",
      testEnvironment: "node",
      // One path of each kind; `full` has the rest.
      testMatch: ["<rootDir>/packages/testbed/test/*.test.ts"],
      transform,
      // Hosts, brokers and the engine share one machine: run two files at a time at most.
      setupFilesAfterEnv: ["<rootDir>/packages/testbed/test/setup.js"],
    },
    {
      displayName: "full",
      testEnvironment: "node",
      testMatch: ["<rootDir>/packages/testbed/test/full/*.test.ts"],
      transform,
      setupFilesAfterEnv: ["<rootDir>/packages/testbed/test/setup.js"],
    },
  ],
};
