import { changeCases } from "./support/changeCases";
import { rollingBed } from "./support/rollingBed";

/** One change of each kind in a running cluster; `full/rolling*.test.ts` have the other versions. */
describe("changes of RocketMQ 5.5.0 under load", () => {
  changeCases(rollingBed("changes", "10.233.2", "br-rmq-rc", ["5.5.0"]));
});
