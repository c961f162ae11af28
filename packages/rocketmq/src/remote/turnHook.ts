import * as pulumi from "@pulumi/pulumi";
import { hooksSupported, resolved } from "./hooks";
import { type Turn, turnsOf } from "./turns";

/**
 * Has the steps of a machine behind a bastion wait for their turn to log in. It is a hook, because
 * the engine calls it right before the provider dials: between the registration of a resource and its
 * dial there are seconds in a large stack, whose state is written before each step. A preview and a
 * step with nothing to do call no hook, so they wait for nothing. To be called in the constructor of
 * the machine's component and with its name, as all hooks.
 */
export function turnHook(name: string, bastion: pulumi.Input<string>): pulumi.ResourceHookBinding {
  if (!hooksSupported()) {
    return {};
  }
  const held = new Map<string, Turn>();
  const before = new pulumi.ResourceHook(`${name}-turn`, async ({ urn }) => {
    const turns = turnsOf(await resolved(bastion));
    // A step that failed has told nobody, and may be tried again.
    held.get(urn)?.release();
    held.set(urn, await turns.take());
  });
  const after = new pulumi.ResourceHook(`${name}-turn-over`, ({ urn }) => {
    held.get(urn)?.done();
    held.delete(urn);
  });
  return {
    beforeCreate: [before],
    beforeUpdate: [before],
    afterCreate: [after],
    afterUpdate: [after],
  };
}
