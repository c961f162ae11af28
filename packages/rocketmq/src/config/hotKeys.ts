/** What changing a key of broker.conf costs. */
export const KeyChange = {
  /** Applied to the running broker. */
  Hot: "hot",
  /** Rolling restart. */
  Restart: "restart",
  /** Would lose data or identity. */
  Refused: "refused",
} as const;
export type KeyChange = (typeof KeyChange)[keyof typeof KeyChange];

/** What changing `key` costs on `version`. A key that is not in the table: a restart. */
export function keyChange(_key: string, _version: string): KeyChange {
  throw new Error("to be filled in");
}
