/** Figures for people. */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** `1.5 GiB`; whole numbers from 10 on. */
export function bytes(size: number): string {
  let unit = 0;
  let value = size;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `41 %`. Rounded down: 84.9 % is not yet the 85 % from which messages are removed. */
export function percent(ratio: number): string {
  return `${Math.floor(ratio * 100)} %`;
}

/** `1,234,567` */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** Messages a second: `0`, `0.4`, `1,234`. */
export function rate(value: number): string {
  return value > 0 && value < 10 ? value.toFixed(1) : count(Math.round(value));
}

/** `1 problem`, `2 problems` */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** `2026-11-23 10:50:03 UTC` */
export function moment(iso: string): string {
  return `${iso.slice(0, 19).replace("T", " ")} UTC`;
}
