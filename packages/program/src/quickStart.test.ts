import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import ts from "typescript";

/** Runs a script in a Node.js process of its own, as jest replaces what it is about. */
function run(script: string, before = ""): unknown {
  const source = readFileSync(path.join(__dirname, "quickStart.ts"), "utf8");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  });
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-"], {
    cwd: __dirname,
    input: `${before}\n(() => { const exports = {}; ${outputText} })();\n${script}`,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout);
}

const LOADED = "const loaded = (part) => Object.keys(require.cache).some((f) => f.includes(part));";

test("the SDK comes without what a cluster does not need", () => {
  const found = run(`${LOADED}
    require("@pulumi/pulumi"); require("@pulumi/command");
    console.log(JSON.stringify(["typescript.js", "arborist/lib/arborist/"].map(loaded)));`);
  expect(found).toEqual([false, false]);
});

test("what is put off is all there when it is asked for", () => {
  const found = run(`
    const pulumi = require("@pulumi/pulumi");
    const inside = require("module").createRequire(require.resolve("@pulumi/pulumi"));
    console.log(JSON.stringify([
      typeof pulumi.automation.LocalWorkspace,
      "Stack" in pulumi.automation,
      typeof inside("./typescript-shim").createSourceFile,
      typeof inside("@npmcli/arborist").default,
      Object.keys(pulumi.automation).length > 10,
    ]));`);
  expect(found).toEqual(["function", true, "function", "function", true]);
});

test("a closure can still be turned into text", () => {
  const found = run(`
    const pulumi = require("@pulumi/pulumi");
    pulumi.runtime.serializeFunction(() => 42).then(({ text }) => {
      console.log(JSON.stringify(text.includes("42")));
      process.exit();
    });`);
  expect(found).toBe(true);
});

test("only the stacks of errors without a message stay as they are", () => {
  const found = run(
    `const said = new Error("said").stack, unsaid = new Error().stack;
     console.log(JSON.stringify([said, unsaid]));`,
    `Error.prepareStackTrace = (error) => "mapped " + error.message;`,
  );
  expect(found).toEqual(["mapped said", "Error"]);
});
