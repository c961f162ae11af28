import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { corrupt, throttle, truncate } from "./bodies";
import { Faults } from "./faults";
import { parseRange } from "./range";

/** Below this path the folder is served, as on Apache's servers. */
export const ROOT = "/dist/rocketmq";

/** What was asked of the mirror and answered. */
export interface MirrorRequest {
  method: string;
  path: string;
  range?: string;
  /** Address that asked. */
  from: string;
  /** Status of the answer; 0: none yet. */
  readonly status: number;
}

/** A running mirror. */
export interface Mirror {
  /** Base of the archives, to be given as the mirror: `http://ADDRESS:PORT/dist/rocketmq`. */
  url: string;
  /** All requests so far. */
  requests: MirrorRequest[];
  /** Faults to switch on. */
  faults: Faults;
  stop(): Promise<void>;
}

/** Where to serve what. */
export interface MirrorOptions {
  address: string;
  /** 0 or nothing: a free one. */
  port?: number;
  /** What `prepareDistributions` returned. */
  folder: string;
}

/** Serves distributions like Apache's archive, and on demand as badly as the Internet can. */
export async function startMirror(options: MirrorOptions): Promise<Mirror> {
  const requests: MirrorRequest[] = [];
  const faults = new Faults();
  const server = http.createServer((request, response) => {
    requests.push(note(request, response));
    // Fails when the client went away or a fault ended the connection.
    answer(options.folder, faults, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, options.address, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.address}:${port}${ROOT}`,
    requests,
    faults,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function note(request: http.IncomingMessage, response: http.ServerResponse): MirrorRequest {
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    ...(request.headers.range ? { range: request.headers.range } : {}),
    from: request.socket.remoteAddress ?? "",
    get status() {
      return response.headersSent ? response.statusCode : 0;
    },
  };
}

async function answer(
  folder: string,
  faults: Faults,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://mirror");
  const fault = faults.take(pathname, request.socket.remoteAddress ?? "");
  response.setHeader("Accept-Ranges", "bytes");
  if (fault.clock) {
    const date = new Date(Date.now() + fault.clock.offsetSeconds * 1000);
    response.setHeader("Date", date.toUTCString());
  }
  if (fault.silent) {
    await new Promise((resolve) => response.once("close", resolve));
    return;
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return text(request, response, 405, "only GET and HEAD\n");
  }
  if (fault.status) {
    return text(request, response, fault.status.status, `${fault.status.status}\n`);
  }
  if (fault.replaced) {
    return text(request, response, 200, fault.replaced.body);
  }
  if (pathname === "/") {
    return text(request, response, 200, `RocketMQ distributions are below ${ROOT}/\n`);
  }
  const file = fault.missing ? undefined : find(folder, pathname);
  if (file === undefined) {
    return text(request, response, 404, "not here\n");
  }
  const { size, mtime } = fs.statSync(file);
  const range = parseRange(request.headers.range, size);
  if (range === "unsatisfiable") {
    response.setHeader("Content-Range", `bytes */${size}`);
    return text(request, response, 416, "");
  }
  const { first, last } = range ?? { first: 0, last: size - 1 };
  if (range) {
    response.setHeader("Content-Range", `bytes ${first}-${last}/${size}`);
  }
  response.writeHead(range ? 206 : 200, {
    "Content-Type": file.endsWith(".zip") ? "application/zip" : "text/plain",
    "Content-Length": last - first + 1,
    "Last-Modified": mtime.toUTCString(),
  });
  if (request.method === "HEAD" || size === 0) {
    response.end();
    return;
  }
  const body = fs.createReadStream(file, { start: first, end: last });
  await pipeline([
    body,
    ...(fault.corrupt ? [corrupt(Math.floor(size / 2) - first)] : []),
    ...(fault.slow ? [throttle(fault.slow.bytesPerSecond)] : []),
    ...(fault.truncated
      ? [truncate(Math.floor((last - first + 1) * (fault.truncated.share ?? 0.5)), response)]
      : []),
    response,
  ]);
}

/** The file of a path below ROOT, never one outside of the folder. */
function find(folder: string, pathname: string): string | undefined {
  const match = /^\/dist\/rocketmq\/([\w.-]+)\/([\w.-]+)$/.exec(decodeURI(pathname));
  if (!match || [match[1], match[2]].some((part) => /^\.+$/.test(part ?? ""))) {
    return undefined;
  }
  const file = path.join(folder, match[1] ?? "", match[2] ?? "");
  return fs.existsSync(file) && fs.statSync(file).isFile() ? file : undefined;
}

async function text(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  status: number,
  body: string,
): Promise<void> {
  response.writeHead(status, {
    "Content-Type": "text/plain",
    "Content-Length": Buffer.byteLength(body),
  });
  await pipeline(Readable.from(request.method === "HEAD" ? [] : [body]), response);
}
