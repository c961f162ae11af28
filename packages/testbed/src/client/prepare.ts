import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { cached } from "../cache";
import { mavenPackage, recipeFiles } from "../mirror/maven";
import { Client } from "./client";

const SOURCE = path.join(__dirname, "..", "..", "client");

/** Builds the message client unless the cache has it. */
export async function prepareClient(): Promise<Client> {
  const hash = createHash("sha256");
  recipeFiles(SOURCE).forEach((file) => hash.update(fs.readFileSync(file)));
  const key = hash.digest("hex").slice(0, 12);
  const folder = await cached("client", key, "RocketMQ's Java client", async (target) => {
    const work = path.join(target, "work");
    await mavenPackage(path.join(SOURCE, "pom.xml"), work, {});
    fs.renameSync(path.join(work, "client.jar"), path.join(target, "client.jar"));
    fs.renameSync(path.join(work, "lib"), path.join(target, "lib"));
    fs.rmSync(work, { recursive: true });
  });
  return new Client(path.join(folder, "client.jar"));
}
