import { utils } from "ssh2";

/** Now and then ssh2 makes an Ed25519 key that it cannot read itself; with hundreds that is every time. */
export function newKeyPair(): { private: string; public: string } {
  for (;;) {
    const pair = utils.generateKeyPairSync("ed25519");
    if (![pair.private, pair.public].some((key) => utils.parseKey(key) instanceof Error)) {
      return pair;
    }
  }
}
