import { builtToolchain } from "./built";
import { installedToolchain } from "./installed";

/** A Pulumi CLI with everything that the project's programs need. */
export interface Toolchain {
  /** The user's own Pulumi with the official plugins, or what the test bed built itself. */
  kind: "installed" | "built";
  /** The CLI to run. */
  pulumi: string;
  /**
   * What to add to its environment. The back end and the passphrase are the caller's
   * (PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE).
   */
  env: Record<string, string>;
}

export interface ToolchainOptions {
  /** Whether YAML programs must run too; building that takes minutes more. */
  yaml?: boolean;
}

/** Asks for one kind instead of the first that works: `installed` or `built`. */
const CHOICE = "TESTBED_PULUMI";

/**
 * Uses the installed Pulumi with the official plugins where that is possible, else builds the
 * CLI, the language hosts and stand-ins for the plugins from Go modules, once.
 */
export async function prepareToolchain(options: ToolchainOptions = {}): Promise<Toolchain> {
  const choice = process.env[CHOICE];
  switch (choice) {
    case undefined:
    case "":
      return (await installedToolchain()) ?? (await builtToolchain(options));
    case "built":
      return builtToolchain(options);
    case "installed": {
      const toolchain = await installedToolchain();
      if (!toolchain) {
        throw new Error(`${CHOICE}=installed, but there is no installed Pulumi that can be used.`);
      }
      return toolchain;
    }
    default:
      throw new Error(`${CHOICE} must be "installed" or "built", not ${JSON.stringify(choice)}.`);
  }
}
