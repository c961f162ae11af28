import { rollingCases } from "../support/rollingCases";

describe("RocketMQ 4.9.3 and 4.9.7", () => {
  rollingCases({
    name: "roll-4",
    net: "10.233.0",
    bridge: "br-rmq-ra",
    old: "4.9.3",
    recent: "4.9.7",
    changes: true,
  });
});
