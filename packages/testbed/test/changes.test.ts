import { changeCases } from "./support/changeCases";
import { RollingBed } from "./support/rollingBed";

/** One change of each kind in a running cluster; `full/rolling.test.ts` has the other versions. */
describe("changes of RocketMQ 5.5.0 under load", () => {
  let bed: RollingBed;
  let deployed = false;

  beforeAll(async () => {
    bed = await RollingBed.up("changes", "10.233.2", "br-rmq-rc", ["5.5.0"]);
    await bed.deploy();
    deployed = true;
  }, 45 * 60_000);

  afterAll(() => bed?.bed.down(), 120_000);

  beforeEach(() => {
    if (!deployed) {
      throw new Error("there is no cluster: its deployment failed");
    }
  });

  changeCases(() => bed);
});
