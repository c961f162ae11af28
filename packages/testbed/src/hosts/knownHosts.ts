/** Reads an OpenSSH known_hosts file without hashed names: the key of each name or address, as `TYPE BASE64`. */
export function parseKnownHosts(text: string): Map<string, string> {
  const keys = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [names, type, key] = line.trim().split(/\s+/);
    if (names && type && key && !names.startsWith("#")) {
      names.split(",").forEach((name) => keys.set(name, `${type} ${key}`));
    }
  }
  return keys;
}
