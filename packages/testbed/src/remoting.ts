import * as net from "node:net";

/** Longest wait for an answer. */
const TIMEOUT_MS = 20_000;

/** What a name server or broker answered. */
export interface Answer {
  /** 0: done. */
  code: number;
  remark?: string;
  fields: Record<string, string>;
  body: Buffer;
}

type Fields = Record<string, string | number | boolean>;

/** A request of RocketMQ's remoting protocol: total length, header length (JSON is type 0), header, body. */
export function request(
  code: number,
  fields: Fields = {},
  body: Buffer = Buffer.alloc(0),
  opaque = 1,
): Buffer {
  const extFields = Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, String(v)]));
  const header = Buffer.from(
    JSON.stringify({ code, language: "OTHER", version: 0, opaque, flag: 0, extFields }),
  );
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(4 + header.length + body.length, 0);
  lengths.writeUInt32BE(header.length, 4);
  return Buffer.concat([lengths, header, body]);
}

/** The first answer of what has been received, once all of it is there, and what follows it. */
export function answer(
  received: Buffer,
): { opaque: number; answer: Answer; rest: Buffer } | undefined {
  if (received.length < 8 || received.length < 4 + received.readUInt32BE(0)) {
    return undefined;
  }
  const end = 4 + received.readUInt32BE(0);
  const start = 8 + (received.readUInt32BE(4) & 0xffffff);
  const { code, remark, opaque, extFields } = JSON.parse(
    received.subarray(8, start).toString(),
  ) as { code: number; remark?: string; opaque: number; extFields?: Record<string, string> };
  return {
    opaque,
    answer: { code, remark, fields: extFields ?? {}, body: received.subarray(start, end) },
    rest: received.subarray(end),
  };
}

/** A connection on which any number of requests may be under way. */
export class Remoting {
  private received: Buffer = Buffer.alloc(0);
  private opaque = 0;
  private readonly waiting = new Map<
    number,
    { resolve: (answer: Answer) => void; reject: (error: Error) => void }
  >();

  private constructor(private readonly socket: net.Socket) {
    socket.on("data", (data: Buffer) => this.take(data));
    socket.on("timeout", () => {
      // An idle connection may stay.
      if (this.waiting.size > 0) {
        socket.destroy(new Error("no answer in time"));
      }
    });
    socket.on("error", (error) => this.fail(error));
    socket.on("close", () => this.fail(new Error("the connection was closed")));
  }

  /** @param address `host:port` */
  static connect(address: string): Promise<Remoting> {
    const [host = "", port] = address.split(":");
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host, port: Number(port), timeout: TIMEOUT_MS });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new Remoting(socket));
      });
    });
  }

  /** One request over a connection of its own. */
  static async call(address: string, code: number, fields?: Fields, body?: Buffer) {
    const connection = await Remoting.connect(address);
    try {
      return await connection.call(code, fields, body);
    } finally {
      connection.close();
    }
  }

  call(code: number, fields: Fields = {}, body: Buffer = Buffer.alloc(0)): Promise<Answer> {
    const opaque = ++this.opaque;
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) {
        reject(new Error("the connection was closed"));
        return;
      }
      this.waiting.set(opaque, { resolve, reject });
      this.socket.write(request(code, fields, body, opaque));
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(data: Buffer): void {
    this.received = Buffer.concat([this.received, data]);
    for (let next = answer(this.received); next; next = answer(this.received)) {
      this.received = next.rest;
      this.waiting.get(next.opaque)?.resolve(next.answer);
      this.waiting.delete(next.opaque);
    }
  }

  private fail(error: Error): void {
    this.waiting.forEach(({ reject }) => reject(error));
    this.waiting.clear();
  }
}

/** Keys and values of a running broker, as GET_BROKER_CONFIG has them. */
export async function brokerConfig(address: string): Promise<Record<string, string>> {
  const { code, remark, body } = await Remoting.call(address, 26);
  if (code !== 0) {
    throw new Error(`${address} does not tell its configuration: ${remark}`);
  }
  return Object.fromEntries(
    body
      .toString()
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
