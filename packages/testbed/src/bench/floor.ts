import type { HostSet } from "../hosts";
import { addressesOf, type HostName, PLAN } from "./topology";

/**
 * What a bare shell script needs for the same cluster, without anything that makes it fit for
 * use: no checks, no tuning, no user, no units. One SSH connection a host, all at once.
 */
export async function floor(hosts: HostSet, mirror: string): Promise<void> {
  const namesrvs = addressesOf(hosts.hosts, "namesrv");
  await Promise.all(
    hosts.hosts.map(({ name, address }) =>
      hosts.check(name, script(name as HostName, address, mirror, namesrvs)),
    ),
  );
}

/** The script of one host. */
export function script(
  host: HostName,
  address: string,
  mirror: string,
  namesrvs: readonly string[],
): string {
  const archive = `rocketmq-all-${PLAN.version}-bin-release`;
  const lines = [
    "set -e; mkdir /srv/floor; cd /srv/floor",
    `curl -sSf -o mq.zip ${mirror}/${PLAN.version}/${archive}.zip`,
    "unzip -q mq.zip; cd rocketmq-*",
  ];
  const roles: readonly string[] = PLAN.roles[host];
  if (roles.includes("namesrv")) {
    lines.push(start("namesrv.NamesrvStartup", PLAN.namesrvHeapMb, ""));
  }
  if (roles.includes("broker")) {
    const brokers = Object.entries(PLAN.roles).filter(([, own]) => own[0] === "broker");
    const id = brokers.findIndex(([name]) => name === host);
    const conf = {
      brokerClusterName: PLAN.clusterName,
      brokerName: "broker-a",
      brokerId: id,
      brokerRole: id === 0 ? "ASYNC_MASTER" : "SLAVE",
      brokerIP1: address,
      namesrvAddr: namesrvs.map((host) => `${host}:9876`).join(";"),
    };
    lines.push(
      `printf '%s\\n' ${Object.entries(conf)
        .map(([key, value]) => `'${key}=${value}'`)
        .join(" ")} > broker.conf`,
      // Without a name server a broker tries again only half a minute later.
      ...namesrvs.map(
        (namesrv) => `until (exec 3<>/dev/tcp/${namesrv}/9876) 2>/dev/null; do sleep 0.05; done`,
      ),
      start(
        "broker.BrokerStartup",
        PLAN.brokerHeapMb,
        `-XX:MaxDirectMemorySize=${PLAN.brokerDirectMb}m`,
        "-c broker.conf",
      ),
    );
  }
  return `bash -c ${quote(lines.join("\n"))}`;
}

function start(main: string, heapMb: number, options: string, args = ""): string {
  const heap = `-Xms${heapMb}m -Xmx${heapMb}m`;
  return (
    `ROCKETMQ_HOME=$PWD setsid nohup java ${heap} ${options} -Drocketmq.home.dir=$PWD ` +
    `-cp 'conf:lib/*' org.apache.rocketmq.${main} ${args} < /dev/null > ${main}.log 2>&1 &`
  );
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
