import { deleteCommand } from "../remote/stepCommand";
import { removalChange } from "./removalChange";

const keep = deleteCommand("broker-delete", true);
const purge = deleteCommand("broker-purge", true);

test.each([
  [keep, purge, "purge: its messages and logs go with it when it is removed"],
  [purge, keep, "purge (unset): its messages and logs stay when it is removed"],
  [keep, keep, undefined],
  [purge, deleteCommand("broker-purge", false), undefined],
  [undefined, purge, undefined],
  [keep, undefined, undefined],
  ["rm -rf something", purge, undefined],
])("%s -> %s", (from, to, said) => {
  expect(removalChange(from, to)).toBe(said);
});
