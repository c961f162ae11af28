import { isUnknown } from "../unknown";
import { member } from "../paths";
import { Mistakes } from "./rule";

/**
 * Files that are pushed from where Pulumi runs. They need a digest, since there is no `.sha512`
 * beside them, and a plain path, since they are resources of their own. Looks at the view with
 * unknown values: a digest that is not known yet is given all the same.
 */
export function pushedFileRules(view: unknown, found: Mistakes): void {
  const source = member(view, "package");
  const file = member(source, "file");
  if (isUnknown(file)) {
    found.add(
      "package.file",
      "not-plain",
      "is an output, but decides which resources there are",
      "Write the path as a plain value.",
    );
  }
  if (file !== undefined && member(source, "sha512") === undefined) {
    found.add(
      "package.sha512",
      "required",
      "is missing",
      "Add what `sha512sum` prints for the file: there is no checksum beside it to compare with.",
    );
  }
}
