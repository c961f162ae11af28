import { type Answer, Remoting } from "../../src/remoting";

/** Codes of RocketMQ's remoting protocol. */
export const Code = {
  Send: 10,
  Pull: 11,
  UpdateConfig: 25,
  MaxOffset: 30,
  EndTransaction: 37,
  ClusterInfo: 106,
  Pop: 200050,
  Acknowledge: 200051,
} as const;

/** What a broker answers. */
export const Response = {
  Success: 0,
  SystemBusy: 2,
  MessageIllegal: 13,
  ServiceNotAvailable: 14,
  NoPermission: 16,
  NoSuchGroup: 26,
} as const;

/** A message sent without a client, which would hide, retry or refuse what the broker is to show. */
export function send(
  broker: Remoting,
  topic: string,
  options: { bytes?: number; half?: boolean; properties?: Record<string, string> } = {},
): Promise<Answer> {
  const { bytes = 100, half = false } = options;
  // A half message of a transaction has this property and this bit.
  const given = Object.entries(options.properties ?? {});
  const properties =
    (half ? "TRAN_MSG\u0001true\u0002PGROUP\u0001test\u0002" : "") +
    given.map(([key, value]) => `${key}\u0001${value}\u0002`).join("");
  return broker.call(
    Code.Send,
    {
      producerGroup: "test",
      topic,
      defaultTopic: "TBW102",
      defaultTopicQueueNums: 4,
      queueId: 0,
      sysFlag: half ? 4 : 0,
      bornTimestamp: Date.now(),
      flag: 0,
      properties,
      reconsumeTimes: 0,
      unitMode: false,
      batch: false,
    },
    Buffer.alloc(bytes, "x"),
  );
}

/**
 * Takes the last half message of a broker back, as its producer does when it is asked. As long as
 * nobody decides, the broker puts it behind the others again every half a minute.
 */
export async function rollback(broker: Remoting): Promise<void> {
  const topic = "RMQ_SYS_TRANS_HALF_TOPIC";
  const last = (await maxOffset(broker, topic)) - 1;
  const { body } = await pull(broker, topic, "TOOLS_CONSUMER", last);
  // Of a stored message: its place in the queue and in the log.
  const [queueOffset, logOffset] = [body.readBigInt64BE(20), body.readBigInt64BE(28)];
  await broker.call(Code.EndTransaction, {
    producerGroup: "test",
    tranStateTableOffset: queueOffset.toString(),
    commitLogOffset: logOffset.toString(),
    commitOrRollback: 12,
    fromTransactionCheck: false,
    msgId: "",
    transactionId: "",
  });
}

/** Messages of a topic's first queue, from its beginning or from an offset. */
export function pull(
  broker: Remoting,
  topic: string,
  group: string,
  queueOffset = 0,
): Promise<Answer> {
  return broker.call(Code.Pull, {
    consumerGroup: group,
    topic,
    queueId: 0,
    queueOffset,
    maxMsgNums: 1,
    // The subscription is in the request.
    sysFlag: 4,
    commitOffset: 0,
    suspendTimeoutMillis: 0,
    subscription: "*",
    subVersion: 0,
    expressionType: "TAG",
  });
}

/**
 * Takes one message as consumers of RocketMQ 5 may (pop): nobody else gets it for so long, unless
 * it is acknowledged, which the answer does.
 */
export async function take(
  broker: Remoting,
  brokerName: string,
  topic: string,
  group: string,
  invisibleMs: number,
): Promise<() => Promise<Answer>> {
  const { code, remark, fields } = await broker.call(Code.Pop, {
    consumerGroup: group,
    topic,
    queueId: 0,
    maxMsgNums: 1,
    invisibleTime: invisibleMs,
    pollTime: 0,
    bornTime: Date.now(),
    // From the first message on.
    initMode: 0,
    expType: "TAG",
    exp: "*",
    order: false,
  });
  if (code !== 0) {
    throw new Error(`nothing of ${topic} was taken: ${code} ${remark}`);
  }
  const [, queueId = "", first = ""] = (fields["startOffsetInfo"] ?? "").split(" ");
  const offset = (fields["msgOffsetInfo"] ?? "").split(" ")[2] ?? "";
  const { popTime, invisibleTime, reviveQid } = fields;
  return () =>
    broker.call(Code.Acknowledge, {
      consumerGroup: group,
      topic,
      queueId,
      offset,
      // "0": not of the group's retry topic.
      extraInfo: [first, popTime, invisibleTime, reviveQid, "0", brokerName, queueId, offset].join(
        " ",
      ),
    });
}

/** How many messages a topic's first queue has had. */
export async function maxOffset(broker: Remoting, topic: string): Promise<number> {
  const { code, remark, fields } = await broker.call(Code.MaxOffset, { topic, queueId: 0 });
  if (code !== 0) {
    throw new Error(`the broker does not tell how far ${topic} goes: ${remark}`);
  }
  return Number(fields["offset"]);
}
