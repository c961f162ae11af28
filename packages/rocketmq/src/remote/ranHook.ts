import * as pulumi from "@pulumi/pulumi";
import { hooksSupported } from "./hooks";

/**
 * Tells when a step is really run: made or changed, in an update, not in a preview. To be called in
 * the constructor of a component and with its name, as all hooks.
 */
export function ranHook(name: string, tell: () => void): pulumi.ResourceHookBinding {
  if (!hooksSupported()) {
    return {};
  }
  const hook = new pulumi.ResourceHook(`${name}-ran`, tell);
  return { beforeCreate: [hook], beforeUpdate: [hook] };
}
