import * as pulumi from "@pulumi/pulumi";
import { handled } from "../remote";

const known = new WeakMap<pulumi.Resource, Promise<void>>();

/**
 * When a resource is there. Where it failed or was left out, as `--continue-on-error` lets happen,
 * what waits for it fails with one line for people: Pulumi's own error would be printed with a
 * stack trace, once a resource, below the error that says what is wrong.
 */
export function completion(resource: pulumi.Resource): Promise<void> {
  let promise = known.get(resource);
  if (promise === undefined) {
    promise = new Promise<void>((resolve, reject) => {
      const there = resource.urn.apply(() => resolve());
      pulumi.recover(there, (error: unknown) => reject(failure(error)));
    });
    // Whoever waits for it handles it; where nobody does, the engine has told it all the same.
    promise.catch(() => undefined);
    known.set(resource, promise);
  }
  return promise;
}

/** One for each of Pulumi's errors, so that it is printed once, however many wait. */
const told = new WeakMap<object, pulumi.RunError>();

function failure(error: unknown): pulumi.RunError {
  if (pulumi.RunError.isInstance(error)) {
    return error;
  }
  const original = error as Error;
  let text = told.get(original);
  if (text === undefined) {
    const name = /resource (\S+) .*failed to register$/.exec(original.message)?.[1];
    text = new pulumi.RunError(
      name === undefined
        ? original.message
        : `${name} failed: see its own message. What comes after it was left out; when that is mended, pulumi up goes on from there.`,
    );
    // The SDK renders an error that has a stack with all promises that fail with it, for a trace
    // that it then does not print: half a minute of work.
    delete text.stack;
    told.set(original, text);
  }
  return text;
}

/** A value that is known when a resource is there. */
export function when<T>(resource: pulumi.Resource, value: pulumi.Input<T>): pulumi.Output<T> {
  const both = pulumi.all([value, resource.urn]).apply(([known]) => known) as pulumi.Output<T>;
  return handled(
    pulumi.recover(both, (error: unknown) => {
      throw failure(error);
    }),
  );
}

/** Outputs of a component; none where they failed, which is told already. */
export function registrable(
  outputs: Record<string, pulumi.Output<unknown>>,
): pulumi.Output<pulumi.Inputs> {
  const all = pulumi.output(outputs) as unknown as pulumi.Output<pulumi.Inputs>;
  return pulumi.recover(all, () => ({}) as pulumi.Unwrap<pulumi.Inputs>);
}
