import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/**
 * Stands for a machine of your cloud (`aws.ec2.Instance`, `openstack.compute.Instance`,
 * `gcp.compute.Instance`): it has an address, but only once it was made.
 */
export class Machine extends pulumi.ComponentResource {
  readonly privateIp: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("example:index:Machine", name, {}, opts);
    const host = new random.RandomId(`${name}-address`, { byteLength: 1 }, { parent: this });
    this.privateIp = pulumi.interpolate`192.0.2.${host.dec}`;
    this.registerOutputs({ privateIp: this.privateIp });
  }
}
