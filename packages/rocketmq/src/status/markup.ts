/** Markup whose values are escaped: a name of the user's is never read as markup. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = string | number | undefined | Markup | Part[];

/** `html\`<b>${name}</b>\``: markup and lists of it stay, everything else is escaped. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(
    strings.reduce((text, literal, i) => text + (i > 0 ? render(parts[i - 1]) : "") + literal, ""),
  );
}

function render(part: Part): string {
  if (part instanceof Markup) {
    return part.text;
  }
  return Array.isArray(part) ? part.map(render).join("") : escape(String(part ?? ""));
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
