import { parseKnownHosts } from "./knownHosts";

test("each name of a line has its key", () => {
  const keys = parseKnownHosts(
    "# made by hosts.sh\n10.0.0.11,h1 ssh-ed25519 AAAA1\n\n10.0.0.12,h2 ssh-ed25519 AAAA2 a comment\n",
  );
  expect(Object.fromEntries(keys)).toEqual({
    "10.0.0.11": "ssh-ed25519 AAAA1",
    h1: "ssh-ed25519 AAAA1",
    "10.0.0.12": "ssh-ed25519 AAAA2",
    h2: "ssh-ed25519 AAAA2",
  });
});

test("an empty file", () => {
  expect(parseKnownHosts("").size).toBe(0);
});
