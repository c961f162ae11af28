import * as fs from "node:fs";
import * as path from "node:path";
import { Attributes, SFTPWrapper, utils } from "ssh2";

const { OPEN_MODE, STATUS_CODE } = utils.sftp;

/** As much of an SFTP server as an upload needs, on real files below `home`. */
export function serveFiles(sftp: SFTPWrapper, home: string, opened: (file: string) => void): void {
  const local = (name: string) => path.resolve(home, name);
  const handles = new Map<number, number>();
  const answer = (id: number, work: () => void) => {
    try {
      work();
      sftp.status(id, STATUS_CODE.OK);
    } catch (error) {
      sftp.status(id, statusOf(error));
    }
  };
  const stat = (id: number, name: string) => {
    try {
      sftp.attrs(id, attributes(fs.statSync(local(name))));
    } catch (error) {
      sftp.status(id, statusOf(error));
    }
  };
  sftp.on("STAT", stat);
  sftp.on("LSTAT", stat);
  sftp.on("REALPATH", (id, name) => {
    sftp.name(id, [{ filename: local(name), longname: "", attrs: {} as Attributes }]);
  });
  sftp.on("MKDIR", (id, name) => answer(id, () => fs.mkdirSync(local(name))));
  sftp.on("OPEN", (id, name, flags) => {
    try {
      const descriptor = fs.openSync(local(name), flags & OPEN_MODE.WRITE ? "w" : "r");
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(descriptor);
      handles.set(descriptor, descriptor);
      opened(name);
      sftp.handle(id, handle);
    } catch (error) {
      sftp.status(id, statusOf(error));
    }
  });
  const descriptorOf = (handle: Buffer) => {
    const descriptor = handles.get(handle.readUInt32BE());
    if (descriptor === undefined) {
      throw new Error("unknown handle");
    }
    return descriptor;
  };
  sftp.on("WRITE", (id, handle, offset, data) => {
    answer(id, () => fs.writeSync(descriptorOf(handle), data, 0, data.length, offset));
  });
  sftp.on("FSTAT", (id, handle) => {
    sftp.attrs(id, attributes(fs.fstatSync(descriptorOf(handle))));
  });
  // The client waits for this when it closes.
  sftp.on("end", () => sftp.end());
  sftp.on("FSETSTAT", (id) => sftp.status(id, STATUS_CODE.OK));
  sftp.on("SETSTAT", (id) => sftp.status(id, STATUS_CODE.OK));
  sftp.on("CLOSE", (id, handle) => {
    answer(id, () => {
      const descriptor = descriptorOf(handle);
      handles.delete(descriptor);
      fs.closeSync(descriptor);
    });
  });
}

function attributes(stats: fs.Stats): Attributes {
  return {
    mode: stats.mode,
    uid: stats.uid,
    gid: stats.gid,
    size: stats.size,
    atime: Math.floor(stats.atimeMs / 1000),
    mtime: Math.floor(stats.mtimeMs / 1000),
  };
}

function statusOf(error: unknown): number {
  return (error as NodeJS.ErrnoException).code === "ENOENT"
    ? STATUS_CODE.NO_SUCH_FILE
    : STATUS_CODE.FAILURE;
}
