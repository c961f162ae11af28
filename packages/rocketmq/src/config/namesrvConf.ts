/** Keys of namesrv.conf that come from an argument of their own: key to the argument. */
export const OWNED_NAMESRV_KEYS: Readonly<Record<string, string>> = {
  listenPort: "ports.namesrv",
  rocketmqHome: "paths.deploy",
  configStorePath: "paths.deploy",
  kvConfigPath: "paths.data",
};

/**
 * The whole namesrv.conf. Nothing is tuned: RocketMQ's own values suit a server that only answers
 * where brokers are.
 *
 * @param folder `<data>/<slot>`, which outlives the program
 */
export function namesrvConf(
  port: number,
  user: Record<string, string>,
  folder: string,
): Record<string, string> {
  return { ...user, listenPort: String(port), kvConfigPath: `${folder}/kvConfig.json` };
}
