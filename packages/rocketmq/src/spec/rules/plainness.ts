import { isUnknown } from "../unknown";
import { type Path, pathText } from "../paths";
import { Mistakes } from "./rule";

/**
 * Finds outputs where the shape of the resource graph is decided, which must be known in a preview.
 * In patterns `*` stands for every element. True if there is one.
 */
export function plainRules(view: unknown, patterns: readonly string[], found: Mistakes): boolean {
  let any = false;
  for (const pattern of patterns) {
    for (const path of unknownsAt(view, pattern.split("."))) {
      any = true;
      found.add(
        pathText(path),
        "not-plain",
        "is an output, but decides which resources there are",
        "Write a plain value; addresses and settings may be outputs.",
      );
    }
  }
  return any;
}

function unknownsAt(value: unknown, steps: readonly string[], path: Path = []): Path[] {
  const [step, ...rest] = steps;
  if (step === undefined) {
    return isUnknown(value) ? [path] : [];
  }
  if (typeof value !== "object" || value === null || isUnknown(value)) {
    return [];
  }
  if (step === "*") {
    return Array.isArray(value)
      ? value.flatMap((element, index) => unknownsAt(element, rest, [...path, index]))
      : [];
  }
  return unknownsAt((value as Record<string, unknown>)[step], rest, [...path, step]);
}
