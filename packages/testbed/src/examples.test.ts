import * as fs from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import { CLONE } from "./clone";

const EXAMPLES = path.join(CLONE, "examples");
const projects = fs
  .readdirSync(EXAMPLES)
  .filter((name) => fs.existsSync(path.join(EXAMPLES, name, "tsconfig.json")));

/** The files of a project, and its compiler options. */
function parse(project: string): ts.ParsedCommandLine {
  const folder = path.join(EXAMPLES, project);
  const { config } = ts.readConfigFile(path.join(folder, "tsconfig.json"), (file) =>
    ts.sys.readFile(file),
  ) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, folder);
}

/** All of them in one program, since what takes long is what they have in common. */
let program: ts.Program;

beforeAll(() => {
  const parsed = projects.map(parse);
  program = ts.createProgram(
    parsed.flatMap(({ fileNames }) => fileNames),
    {
      ...parsed[0]?.options,
      // From its source, so that a test needs no build.
      baseUrl: CLONE,
      paths: { "pulumi-rocketmq": ["packages/rocketmq/src"] },
      typeRoots: [path.join(CLONE, "node_modules", "@types")],
    },
  );
}, 120_000);

test("there are examples in TypeScript, with the same options", () => {
  expect(projects).toEqual(["cluster", "machines-in-program", "nodes"]);
  const texts = projects.map((project) =>
    fs.readFileSync(path.join(EXAMPLES, project, "tsconfig.json"), "utf8"),
  );
  expect(new Set(texts).size).toBe(1);
});

test.each(projects)(
  "the types of example %s are right",
  (project) => {
    const own = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(path.join(EXAMPLES, project) + path.sep));
    expect(own.length).toBeGreaterThan(0);
    const problems = own.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]);
    expect(
      problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
    ).toEqual([]);
  },
  120_000,
);
