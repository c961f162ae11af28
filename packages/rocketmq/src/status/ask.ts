import type { StatusReport } from "../remote/statusReport";
import type { ExpectedCluster } from "./expected";
import type { Hearing } from "./judge";
import { machinesToAsk, statusDocument } from "./statusDocument";

/** Machines that are tried: where five do not answer, it is rather the way to them that is broken. */
const TRIES = 5;

/** Asks one machine about the whole cluster, and the next where that one cannot be asked. */
export async function hear(
  expected: ExpectedCluster,
  ask: (machine: string, document: object) => Promise<unknown>,
): Promise<Hearing> {
  const failed: Hearing["failed"] = [];
  for (const machine of machinesToAsk(expected).slice(0, TRIES)) {
    try {
      const report = (await ask(machine, statusDocument(expected, machine))) as StatusReport;
      return { report, askedFrom: machine, failed };
    } catch (error) {
      const { message, remedy } = error as Error & { remedy?: string };
      failed.push({ machine, error: message, ...(remedy ? { help: remedy } : {}) });
    }
  }
  return { failed };
}
