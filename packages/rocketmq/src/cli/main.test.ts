import { CliError } from "./cliError";
import type { Command, CommandOptions } from "./command";
import { main } from "./main";

function run(args: string[], command: Partial<Command> = {}) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const given: CommandOptions[] = [];
  const drift: Command = {
    summary: "what differs",
    run: (options) => {
      given.push(options);
      return Promise.resolve(2);
    },
    ...command,
  };
  const output = {
    print: (line: string) => void printed.push(line),
    complain: (line: string) => void complaints.push(line),
  };
  return main(args, output, { drift }).then((code) => ({ code, printed, complaints, given }));
}

test("a command is given its options, and its code is that of the program", async () => {
  const { code, given } = await run(["drift", "--stack", "prod", "--cwd", "ops", "--json"]);
  expect(code).toBe(2);
  expect(given).toEqual([{ stack: "prod", cwd: "ops", json: true, parallel: 8 }]);
});

test.each([[[]], [["undrift"]], [["drift", "more"]], [["constructor"]]])(
  "%j prints the usage and fails",
  async (args) => {
    const { code, complaints, given } = await run(args);
    expect({ code, given }).toEqual({ code: 1, given: [] });
    expect(complaints.join("\n")).toMatch(/usage: .*\n[^]*drift +what differs/);
  },
);

test("a page is drawn only by those who can", async () => {
  const { code, complaints, given } = await run(["drift", "--html", "page.html"]);
  expect({ code, given }).toEqual({ code: 1, given: [] });
  expect(complaints).toEqual(["--html: drift draws no page"]);
  expect((await run(["drift", "--html", "page.html"], { page: true })).given).toMatchObject([
    { html: "page.html" },
  ]);
});

test("help is no failure", async () => {
  expect(await run(["--help"])).toMatchObject({ code: 0, complaints: [] });
});

test.each([["--parallel", "0"], ["--parallel", "many"], ["--staack"]])(
  "%s %s is refused by name",
  async (...args) => {
    const { code, complaints } = await run(["drift", ...args]);
    expect(code).toBe(1);
    expect(complaints[0]).toContain(args[0]);
  },
);

test("what a person can mend comes without a stack trace, with the way to do it", async () => {
  const { code, complaints } = await run(["drift"], {
    run: () => Promise.reject(new CliError("no stack", "pulumi stack select")),
  });
  expect({ code, complaints }).toEqual({
    code: 1,
    complaints: ["no stack", "  pulumi stack select"],
  });
});
