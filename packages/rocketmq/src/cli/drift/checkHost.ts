import type { CheckDifference, CheckDocument, CheckReport } from "../../remote/checkReport";
import { Step } from "../../remote/documents";
import { CliError } from "../cliError";
import { forEach, type Outcome } from "../parallel";
import { runAgent } from "../runAgent";
import type { HostState, StackState } from "../stackState";

/** What was found out about a machine. */
export interface HostDrift {
  /** Name of the cluster's component. */
  cluster: string;
  /** The machine's name in the program. */
  host: string;
  /** Absent where it could not be found out. */
  differences?: CheckDifference[];
  /** Worth knowing, and nothing to repair. */
  notes?: string[];
  /** Why not, and what to do. */
  error?: { message: string; remedy?: string };
}

/** Asks every machine of a stack, a bounded number at once. */
export async function checkHosts(state: StackState, parallel: number): Promise<HostDrift[]> {
  const hosts = state.clusters.flatMap(({ name, hosts: all }) =>
    [...all].sort(byName).map((host) => ({ cluster: name, host })),
  );
  const outcomes = await forEach(hosts, ({ host }) => checkHost(host), parallel);
  return outcomes.map(toDrift);
}

/** `mq2` before `mq10`; a state has them in the order in which they were made. */
function byName(one: HostState, other: HostState): number {
  return one.name.localeCompare(other.name, "en", { numeric: true });
}

async function checkHost(host: HostState): Promise<CheckReport> {
  return (await runAgent(host.connection, Step.Check, checkDocument(host), {
    machine: host.name,
  })) as CheckReport;
}

/** What the agent compares the machine with: the documents that the last update left. */
export function checkDocument({ name, steps }: HostState): CheckDocument {
  const [first, ...others] = steps.filter(({ verb }) => CHECKED.includes(verb));
  if (first === undefined) {
    // Saying that nothing differs would be taken for all is well.
    throw new CliError(
      `${name}: nothing was set up there yet`,
      "The last update ended before it came to this machine: run pulumi up.",
    );
  }
  const { format, cluster, paths } = first.document;
  return {
    format,
    host: name,
    cluster,
    paths,
    steps: [first, ...others].map(({ verb, document }) => ({ verb, document })),
  };
}

/** A rollout's document says nothing that the node's first step does not. */
const CHECKED: readonly string[] = [
  Step.Host,
  Step.NamesrvConfig,
  Step.BrokerConfig,
  Step.Exporter,
  Step.Consul,
];

function toDrift(outcome: Outcome<{ cluster: string; host: HostState }, CheckReport>): HostDrift {
  const { cluster, host } = outcome.item;
  if ("value" in outcome) {
    const { differences, notes } = outcome.value;
    return { cluster, host: host.name, differences, ...(notes ? { notes } : {}) };
  }
  const { message, remedy } = outcome.error as CliError;
  return { cluster, host: host.name, error: { message, ...(remedy ? { remedy } : {}) } };
}
