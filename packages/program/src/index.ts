import "./quickStart";
import * as pulumi from "@pulumi/pulumi";
import {
  formatErrors,
  markSecrets,
  RocketMQCluster,
  type RocketMQClusterArgs,
  validateConfig,
} from "pulumi-rocketmq";
import { secretMaps } from "./secretMaps";

/** The stack's own configuration, without the project's prefix. */
function stackConfig(): Record<string, string> {
  const prefix = `${pulumi.getProject()}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/** One cluster from the stack's configuration. */
function main(): Record<string, pulumi.Output<unknown>> {
  const { args, errors } = validateConfig(stackConfig());
  if (errors.length > 0) {
    // A mistake of the user, not of the program: no stack trace.
    throw new pulumi.RunError(formatErrors(errors));
  }
  const secret = markSecrets(secretMaps(args, pulumi.getProject()), (value) =>
    pulumi.secret(value),
  );
  const cluster = new RocketMQCluster("rocketmq", secret as unknown as RocketMQClusterArgs);
  return {
    clusterName: cluster.clusterName,
    namesrvAddr: cluster.namesrvAddr,
    brokerNames: cluster.brokerNames,
    brokerAddresses: cluster.brokerAddresses,
    exporterEndpoint: cluster.exporterEndpoint,
    consulServiceName: cluster.consulServiceName,
  };
}

export = main();
