import type { Plain } from "./plain";
import { isUnknown } from "./unknown";

/**
 * Arguments of which anything may be missing: values that are not known yet, and values that the
 * schema found wrong. Rules that look at several values run on what is left, so that every mistake
 * is told at once.
 */
export type Draft<T> = DeepPartial<Plain<T>>;

type DeepPartial<T> = T extends (infer Element)[]
  ? DeepPartial<Element>[]
  : T extends object
    ? { [Key in keyof T]?: DeepPartial<T[Key]> }
    : T;

/** A copy of `view` without unknown values and without those at the given paths. */
export function draftOf(view: unknown, wrong: ReadonlySet<string>, pointer = ""): unknown {
  if (isUnknown(view) || wrong.has(pointer)) {
    return undefined;
  }
  if (Array.isArray(view)) {
    // Positions are kept, since paths in messages count them.
    return view.map((element, index) => draftOf(element, wrong, `${pointer}/${index}`) ?? {});
  }
  if (typeof view === "object" && view !== null) {
    return Object.fromEntries(
      Object.entries(view)
        .map(([key, value]) => [key, draftOf(value, wrong, `${pointer}/${key}`)] as const)
        .filter(([, value]) => value !== undefined),
    );
  }
  return view;
}
