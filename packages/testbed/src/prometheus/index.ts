export { dashboardQueries, impatientRules, localConfig, OBSERVABILITY } from "./artifacts";
export { ConsulTargets } from "./consulTargets";
export { preparePrometheus, type PrometheusPrograms } from "./prepare";
export { type Alert, Prometheus, type Sample, type Target } from "./server";
