#!/usr/bin/env node
// Apart from what is compiled, so that it can be linked before the first build.
require("../dist/cli/main.js").run();
