export {
  alertNames,
  dashboardQueries,
  type Discovery,
  impatientRules,
  localConfig,
  OBSERVABILITY,
} from "./artifacts";
export { prepareDiscovery, preparePrometheus, type PrometheusPrograms } from "./prepare";
export { type Alert, Prometheus, type Sample, type Target } from "./server";
