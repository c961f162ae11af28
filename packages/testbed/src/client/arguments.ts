/** Options of a command by name; those that are undefined are left to the client's defaults. */
export type Arguments = Record<string, string | number | undefined>;

/** The command with its options, each as `--name value`. */
export function commandLine(command: string, args: Arguments): string[] {
  return [
    command,
    ...Object.entries(args).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, String(value)],
    ),
  ];
}
