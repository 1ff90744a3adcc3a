import { statfsSync } from "node:fs";

/** File systems of other machines by their types, as Linux tells them. Local locks and shared memory do not reach there. */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x01021997, "9P"],
  [0x5346414f, "AFS"],
  [0x6b414653, "AFS"],
  [0x00c36400, "Ceph"],
  [0x0bd00bd3, "Lustre"],
  [0x01161970, "GFS2"],
  [0x7461636f, "OCFS2"],
  [0x47504653, "GPFS"],
  [0x564c, "NCP"],
  [0x73757245, "Coda"],
]);

/** The network file system that a file is on. `undefined` if it is on a local one, or if the system does not tell. */
export function networkFileSystemOf(file: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  return NETWORK_TYPES.get(Number(BigInt.asUintN(32, BigInt(statfsSync(file).type))));
}
