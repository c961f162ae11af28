import * as pulumi from "@pulumi/pulumi";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings";
import * as registration from "@pulumi/pulumi/runtime/resource";

const registerResource = registration.registerResource;

/** A resource as the engine would have been asked for it. */
export interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** What a program under mocks asked for, complete once `settle` has returned. */
export class Recorder {
  readonly resources: Recorded[] = [];
  /** What the user would be warned of. */
  readonly warnings: string[] = [];
  /** Names of resources that take their time. */
  readonly slow = new Set<string>();
  private readonly options = new Map<string, CustomResourceOptions>();
  private readonly made: Resource[] = [];

  constructor(preview = false) {
    void pulumi.runtime.setMocks(
      {
        newResource: async (args) => {
          if (this.slow.has(args.name)) {
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
          this.resources.push({
            type: args.type,
            name: args.name,
            inputs: args.inputs as Record<string, unknown>,
          });
          return { id: `${args.name}-id`, state: args.inputs as object };
        },
        call: (args) => args.inputs as object,
      },
      "project",
      "stack",
      preview,
    );
    jest.spyOn(pulumi.log, "warn").mockImplementation((text) => {
      this.warnings.push(text);
      return Promise.resolve();
    });
    this.watch();
  }

  /** Mocks see no options and no resources, so what the SDK registers is looked at on its way. */
  private watch(): void {
    jest.spyOn(registration, "registerResource").mockImplementation((...args) => {
      const [resource, , , name] = args;
      this.made.push(resource);
      this.options.set(name, args[8]);
      return registerResource(...args);
    });
  }

  /** Waits for every child: a component's own promises resolve before its children exist. */
  async settle(): Promise<void> {
    for (let seen = -1; seen !== this.made.length;) {
      seen = this.made.length;
      await Promise.all(this.made.map((resource) => promiseOf(resource.urn)));
    }
    // What a component registers last, its outputs, must not reach the mocks of the next test.
    await (settings as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  }

  named(name: string): Recorded {
    const found = this.resources.find((resource) => resource.name === name);
    if (!found) {
      throw new Error(`no resource ${name} among ${this.resources.map((r) => r.name).join(", ")}`);
    }
    return found;
  }

  /** The document of a step. */
  document(name: string): Record<string, never> {
    return JSON.parse(this.named(name).inputs["stdin"] as string) as Record<string, never>;
  }

  /** With what options it was asked for. */
  optionsOf(name: string): CustomResourceOptions | undefined {
    return this.options.get(name);
  }

  /** Names of the resources that a resource waits for. */
  async dependencies(name: string): Promise<string[]> {
    const depends = await promiseOf(pulumi.output(this.options.get(name)?.dependsOn));
    const list = Array.isArray(depends) ? depends : [depends];
    const urns = await Promise.all(
      list.filter((r) => r !== undefined).map((r) => promiseOf(r.urn)),
    );
    return urns.map((urn) => urn.split("::").pop() ?? "").sort();
  }
}

export function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
