import type {
  NamesrvConfigDocument,
  NamesrvRolloutDocument,
  ReleaseDocument,
} from "../remote/documents";
import type { HostSettings, MachineAddresses, NamesrvSettings } from "../spec/resolved";
import type { NamesrvSlot } from "../topology/types";
import { namesrvJvm } from "./jvm";
import { namesrvConf } from "./namesrvConf";
import { namesrvUnit } from "./units";
import { logbackFile } from "./versions";
import { adoption, nodeHeader, toRestart } from "./nodeHeader";

export interface NamesrvInput {
  host: HostSettings;
  namesrv: NamesrvSettings;
  slot: NamesrvSlot;
  addresses: MachineAddresses;
}

export function namesrvRelease({ host, namesrv, slot }: NamesrvInput): ReleaseDocument {
  const logback = logbackFile("namesrv", host.version);
  return {
    version: host.version,
    conf: namesrvConf(slot.port, namesrv.conf, `${host.paths.data}/${slot.slot}`),
    jvm: namesrvJvm(host.version, namesrv.jvm),
    java: host.java,
    unit: namesrvUnit(),
    ...(logback === undefined ? {} : { logback }),
  };
}

export function namesrvConfigDocument(input: NamesrvInput): NamesrvConfigDocument {
  return {
    ...namesrvRolloutDocument(input),
    release: namesrvRelease(input),
    ...adoption(input.host),
  };
}

export function namesrvRolloutDocument(input: NamesrvInput): NamesrvRolloutDocument {
  const { host, slot, addresses } = input;
  return {
    ...nodeHeader(host, slot),
    address: `${addresses.address}:${slot.port}`,
    release: toRestart(namesrvRelease(input)),
  };
}
