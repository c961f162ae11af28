import * as pulumi from "@pulumi/pulumi";
import { hostDocument, preflightDocument, uploadPath } from "../config";
import { explainHook } from "../diff";
import {
  commandConnection,
  type HostAccess,
  mergeConnections,
  mergeHooks,
  remoteStep,
  sshHook,
  Step,
  turnHook,
  upload,
  uploadAgent,
} from "../remote";
import { type HostArgs, type Plain, plainView, resolveHost, validateHost } from "../spec";
import type { HostSettings } from "../spec";
import { registrable, when } from "./completion";
import { componentInputs, refuse, without } from "./checked";
import { after, hostHandles, hostOrders, onceThere } from "./internals";

/**
 * One machine, made fit for RocketMQ: checked, then operating system, user, Java and the RocketMQ
 * package. Shared by all roles on the machine; every step is idempotent, so two of these for one
 * machine do no harm.
 *
 * Removing it takes the programs and settings away when nothing of ours runs on the machine any
 * more; data stays.
 */
export class Host extends pulumi.ComponentResource {
  /** Address of the machine, known when it is ready. */
  public readonly address: pulumi.Output<string>;

  constructor(name: string, args: HostArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("rocketmq:index:Host", name, componentInputs(args, hostOrders.get(opts)), opts);
    const orders = hostOrders.get(opts);
    if (orders === undefined) {
      refuse(validateHost(plainView(args)));
    }
    const machine = args.machine.name;
    const access = hostAccess(name, args);
    const settings = hostSettings(args);
    const load = orders?.load ?? { placement: { machine, roles: [], slots: [], ports: {} } };
    const child = stepOptions(this, args);

    const agent = uploadAgent(`${name}-agent`, access, args.machine.address, child);
    const preflight = remoteStep(
      `${name}-preflight`,
      {
        access,
        verb: Step.Preflight,
        document: pulumi
          .all([settings, load])
          .apply(([host, rest]) => preflightDocument({ host, ...rest })),
      },
      { ...child, dependsOn: after(agent) },
    );
    const archive = pushedPackage(name, args, access, { ...child, dependsOn: after(preflight) });
    const setup = remoteStep(
      `${name}-setup`,
      {
        access,
        verb: Step.Host,
        deleteVerb: Step.HostDelete,
        document: settings.apply((host) => hostDocument(host, machine)),
      },
      {
        ...child,
        dependsOn: onceThere(orders?.barrier, after(agent, preflight, archive)),
        hooks: explainHook(`${name}-setup`, machine),
      },
    );

    hostHandles.set(this, { access, preflight, ready: setup });
    this.address = when(setup, args.machine.address);
    this.registerOutputs(registrable({ address: this.address }));
  }
}

/** How the steps on a machine reach it. */
function hostAccess(name: string, args: HostArgs): HostAccess {
  const connection = mergeConnections(args.connection, args.machine.connection);
  const { user = "root", host = args.machine.address, port = 22, bastion } = connection;
  return {
    hooks: mergeHooks(
      sshHook(name, args.machine.name, pulumi.interpolate`${user}@${host}:${port}`),
      bastion && turnHook(name, pulumi.interpolate`${bastion.host}:${bastion.port ?? 22}`),
    ),
    connection: commandConnection(connection, args.machine.address),
    sudo: connection.sudo ?? true,
  };
}

/** What all documents of a machine share: everything but its address and the way to it. */
export function hostSettings(args: HostArgs): pulumi.Output<HostSettings> {
  return pulumi
    .output(without(args, "machine", "connection"))
    .apply((plain) => resolveHost(plain as Omit<Plain<HostArgs>, "machine" | "connection">));
}

/** The inputs of steps and uploads: each change of one of them connects to the machine. */
const CONNECTED = [
  "connection",
  "create",
  "delete",
  "stdin",
  "addPreviousOutputInEnv",
  "logging",
  "source",
  "remotePath",
  "triggers",
];

/** What every step of a component has in common. */
export function stepOptions(parent: pulumi.Resource, host: HostArgs): pulumi.CustomResourceOptions {
  const limit = host.timeouts?.step ?? "30m";
  return {
    parent,
    customTimeouts: { create: limit, update: limit, delete: limit },
    // Of a dead machine nothing changes any more, and a removal leaves the state alone. Both are in
    // the state only after an update: when it is removed, no program speaks for it.
    ...(host.machineLost === true ? { retainOnDelete: true, ignoreChanges: CONNECTED } : {}),
  };
}

function pushedPackage(
  name: string,
  args: HostArgs,
  access: HostAccess,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource | undefined {
  const file = args.package?.file;
  return file === undefined
    ? undefined
    : upload(
        `${name}-package`,
        {
          access,
          address: args.machine.address,
          source: new pulumi.asset.FileAsset(file),
          remotePath: uploadPath(file),
        },
        opts,
      );
}
