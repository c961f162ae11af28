import type { ConsulRegistrationArgs } from "./consul";
import { DEFAULTS } from "./defaults";
import { defined, type Plain } from "./plain";
import type { ConsulSettings } from "./resolved";

export function resolveConsul(
  args: Omit<Plain<ConsulRegistrationArgs>, "token">,
  environment?: string,
): ConsulSettings {
  const url = /^https?:\/\//.test(args.address) ? args.address : `http://${args.address}`;
  const usual = DEFAULTS.consulServiceNames;
  return defined({
    url: url.replace(/\/+$/, ""),
    externalChecks: args.externalChecks ?? false,
    caPem: args.caPem,
    datacenter: args.datacenter,
    names: {
      exporter: args.serviceName ?? usual.exporter,
      namesrv: args.namesrvServiceName ?? usual.namesrv,
      broker: args.brokerServiceName ?? usual.broker,
      brokerMetrics: args.brokerMetricsServiceName ?? usual.brokerMetrics,
    },
    tags: args.tags ?? [],
    meta: args.meta ?? {},
    environment,
  });
}
