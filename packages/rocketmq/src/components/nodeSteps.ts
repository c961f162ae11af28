import * as pulumi from "@pulumi/pulumi";
import { explainHook, restartHook, type RolloutSituation } from "../diff";
import { handled, mergeHooks, ranHook, remoteStep, type Step } from "../remote";
import type { HostArgs } from "../spec";
import { stepOptions } from "./host";
import { leftStaged } from "./leftStaged";
import { after, type NodeHandle, nodeHandles, type NodeOrders } from "./internals";

/** What a role does in its two steps. */
export interface NodeStepsArgs<Input> {
  /** `namesrv-0`, `broker-a-1`. */
  slot: string;
  host: HostArgs;
  orders: NodeOrders;
  /** Everything that the documents are made from. */
  input: pulumi.Output<Input>;
  /** Before the first step: that the node runs on no other machine any more. */
  after?: pulumi.Resource;
  config: {
    verb: Step;
    deleteVerb: pulumi.Input<Step>;
    document: (input: Input) => object;
  };
  rollout: {
    verb: Step;
    document: (input: Input) => object;
    /** What a preview must know to tell what the restart costs. */
    situation?: RolloutSituation;
  };
}

/**
 * The two steps of a node. The first starts it, changes it online and stages the rest; the second
 * restarts it where that is due, and is its gate.
 */
export function nodeSteps<Input>(
  name: string,
  parent: pulumi.ComponentResource,
  args: NodeStepsArgs<Input>,
): NodeHandle {
  const { slot, orders, input } = args;
  const { access, ready } = orders.host;
  const ran = { config: false, rollout: false };
  const child = stepOptions(parent, args.host);
  const config = remoteStep(
    `${name}-config`,
    {
      access,
      verb: args.config.verb,
      deleteVerb: args.config.deleteVerb,
      document: marked(input, args.config.document),
    },
    {
      ...child,
      dependsOn: after(ready, args.after, orders.configAfter),
      hooks: mergeHooks(
        explainHook(`${name}-config`, slot, orders),
        ranHook(`${name}-config`, () => (ran.config = true)),
      ),
    },
  );
  const rollout = remoteStep(
    `${name}-rollout`,
    {
      access,
      verb: args.rollout.verb,
      document: marked(input, args.rollout.document),
    },
    {
      ...child,
      dependsOn: after(config, orders.rolloutAfter),
      hooks: mergeHooks(
        restartHook(`${name}-rollout`, slot, args.rollout.situation),
        ranHook(`${name}-rollout`, () => (ran.rollout = true)),
      ),
    },
  );
  handled(
    pulumi.all([config.stdout, rollout.urn]).apply(([stdout]) => {
      const left = leftStaged(slot, stdout, ran);
      if (left !== undefined) void end(left);
    }),
  );
  const handle = { config, rollout };
  nodeHandles.set(parent, handle);
  return handle;
}

/** The document of an input, which says so where there is a secret in it. */
function marked<Input>(
  input: pulumi.Output<Input>,
  document: (input: Input) => object,
): pulumi.Output<object> {
  return input.apply(async (value) => {
    const made = document(value) as { release?: object };
    return made.release !== undefined && (await pulumi.isSecret(input))
      ? { ...made, release: { ...made.release, secret: true } }
      : made;
  });
}

/** Ends the program, as nobody waits for this: an error that is only logged does not fail an update. */
function end(text: string): Promise<never> {
  const error = new pulumi.RunError(text);
  // Else the SDK spends half a minute on a trace that it does not print.
  delete error.stack;
  return Promise.reject(error);
}
