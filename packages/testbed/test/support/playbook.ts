import type { Bed } from "../../src/bed";
import { archiveName } from "../../src/mirror";

/** A broker as the playbook's inventory describes it. */
export interface PlaybookBroker {
  brokerName: string;
  brokerId: number;
  brokerRole: "ASYNC_MASTER" | "SYNC_MASTER" | "SLAVE";
}

export interface PlaybookHost {
  version: string;
  cluster: string;
  /** `host:port;host:port` */
  namesrvAddr: string;
  namesrv?: boolean;
  broker?: PlaybookBroker;
  exporter?: boolean;
}

/** Where the playbook's variables put things. */
export const PLAYBOOK = {
  deploy: "/app/rocketmq",
  store: "/data/rocketmq/store",
  conf: "/app/rocketmq/conf/broker.conf",
} as const;

/** Small processes; and what 4.9 needs to stop cleanly on the hosts' Java, which is newer than its own. */
const JAVA_OPT_EXT = [
  ...["-Xms128m", "-Xmx160m", "-Xmn64m", "-XX:MaxDirectMemorySize=160m", "-XX:-UseG1GC"],
  ...["-XX:+UseSerialGC", "-XX:-AlwaysPreTouch"],
  ...["java.nio", "sun.nio.ch", "jdk.internal.ref"].map(
    (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
  ),
].join(" ");

function unit(name: string, start: string, stop: string, more: string[] = []): string {
  return [
    "[Unit]",
    `Description=rocketmq ${name} service`,
    "After=network.target",
    "",
    "[Service]",
    "Type=simple",
    "",
    `ExecStart=/bin/bash -c 'source /etc/profile && ${start}'`,
    `ExecStop=/bin/bash -c 'source /etc/profile && ${stop}'`,
    "RemainAfterExit=yes",
    "",
    ...more,
    "Restart=always",
    "RestartSec=5s",
    "[Install]",
    "WantedBy=multi-user.target",
    "",
  ].join("\n");
}

function brokerConf({ cluster, namesrvAddr }: PlaybookHost, broker: PlaybookBroker): string {
  const conf = {
    brokerClusterName: cluster,
    ...broker,
    namesrvAddr,
    autoCreateTopicEnable: "false",
    sendMessageThreadPoolNums: "4",
    waitTimeMillsInSendQueue: "1000",
    sendThreadPoolQueueCapacity: "20000",
    flushDiskType: "ASYNC_FLUSH",
    storePathRootDir: PLAYBOOK.store,
    storePathCommitLog: `${PLAYBOOK.store}/commitlog`,
    messageDelayLevel: "1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h",
    osPageCacheBusyTimeOutMills: "1500",
    diskMaxUsedSpaceRatio: "88",
    fileReservedTime: "168",
  };
  return Object.entries(conf)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

/**
 * Sets a host up as the playbook for RocketMQ 4 does: its folders, its units (shell scripts as root,
 * boot by systemd), its configuration. The exporter is a stand-in, as no registry has the jar.
 */
export async function runPlaybook(bed: Bed, host: string, what: PlaybookHost): Promise<void> {
  const archive = `${bed.mirrorUrl}/${what.version}/${archiveName(what.version)}`;
  const units: Record<string, string> = {
    ...(what.namesrv
      ? {
          mqnamesrv: unit(
            "namesrv",
            `${PLAYBOOK.deploy}/bin/mqnamesrv`,
            `${PLAYBOOK.deploy}/bin/mqshutdown namesrv`,
          ),
        }
      : {}),
    ...(what.broker
      ? {
          mqbroker: unit(
            "namesrv",
            `${PLAYBOOK.deploy}/bin/mqbroker -c ${PLAYBOOK.conf}`,
            `${PLAYBOOK.deploy}/bin/mqshutdown broker`,
            ["LimitNOFILE=655350", "LimitMEMLOCK=infinity", ""],
          ),
        }
      : {}),
    ...(what.exporter
      ? { mqexporter: unit("exporter", "/app/exporter/mqexporter.sh", "/bin/true") }
      : {}),
  };
  const files: Record<string, string> = {
    "/etc/profile.d/rocketmq.sh":
      "export JAVA_HOME=$(dirname $(dirname $(readlink -f $(command -v java))))\n" +
      `export JAVA_OPT_EXT="${JAVA_OPT_EXT}"\n`,
    ...(what.broker ? { [PLAYBOOK.conf]: brokerConf(what, what.broker) } : {}),
    ...(what.exporter
      ? {
          "/app/exporter/mqexporter.sh":
            "#!/bin/sh\nnohup python3 -m http.server 5557 >/dev/null 2>&1 &\n",
        }
      : {}),
    ...Object.fromEntries(
      Object.entries(units).map(([name, text]) => [
        `/usr/lib/systemd/system/${name}.service`,
        text,
      ]),
    ),
  };
  const script = `
import io, json, os, urllib.request, zipfile
data = zipfile.ZipFile(io.BytesIO(urllib.request.urlopen(${JSON.stringify(archive)}).read()))
for entry in data.infolist():
    path = os.path.join(${JSON.stringify(PLAYBOOK.deploy)}, entry.filename.partition("/")[2])
    if not entry.is_dir():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "wb").write(data.read(entry))
        os.chmod(path, 0o750)
for path, text in json.loads(${JSON.stringify(JSON.stringify(files))}).items():
    os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, "w").write(text)
    os.chmod(path, 0o750)
`;
  const encoded = Buffer.from(script).toString("base64");
  await bed.hosts.check(host, `echo ${encoded} | base64 -d | python3 -`);
  for (const name of Object.keys(units)) {
    await bed.hosts.check(
      host,
      `systemctl daemon-reload && systemctl enable -q ${name} && systemctl start ${name}`,
    );
  }
}
