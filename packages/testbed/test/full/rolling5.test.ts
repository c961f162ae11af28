import { rollingCases } from "../support/rollingCases";

describe("RocketMQ 5.3.3 and 5.5.0", () => {
  rollingCases({
    name: "roll-5",
    net: "10.233.4",
    bridge: "br-rmq-re",
    old: "5.3.3",
    recent: "5.5.0",
    changes: true,
  });
});
