import { rollingCases } from "../support/rollingCases";

describe("RocketMQ 4.9.7 and 5.5.0", () => {
  rollingCases({
    name: "roll-4-to-5",
    net: "10.233.5",
    bridge: "br-rmq-rf",
    old: "4.9.7",
    recent: "5.5.0",
    changes: false,
  });
});
