import { utils } from "ssh2";
import { newKeyPair } from "./keyPair";

test("every key can be read", () => {
  for (let i = 0; i < 1000; i++) {
    const pair = newKeyPair();
    expect(utils.parseKey(pair.private)).not.toBeInstanceOf(Error);
    expect(utils.parseKey(pair.public)).not.toBeInstanceOf(Error);
  }
});
