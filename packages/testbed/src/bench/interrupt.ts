import { say } from "../progress";

/** Has it done before an interrupted process ends; returns how to forget it. */
export function onInterrupt(cleanUp: () => Promise<void>): () => void {
  const handler = () => {
    say("\ninterrupted: removing the hosts");
    void cleanUp().finally(() => process.exit(130));
  };
  process.once("SIGINT", handler).once("SIGTERM", handler);
  return () => {
    process.off("SIGINT", handler).off("SIGTERM", handler);
  };
}
