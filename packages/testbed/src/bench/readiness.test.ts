import { body, request } from "./readiness";

test("a request is as the remoting protocol frames it", () => {
  const frame = request(106);
  expect(frame.readUInt32BE(0)).toBe(frame.length - 4);
  const header = JSON.parse(frame.subarray(8).toString()) as Record<string, unknown>;
  expect(frame.readUInt32BE(4)).toBe(frame.length - 8);
  expect(header).toMatchObject({ code: 106, flag: 0 });
});

test("an answer has a body when all of it has come", () => {
  const header = Buffer.from('{"code":0}');
  const content = Buffer.from('{"brokerAddrTable":{}}');
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(4 + header.length + content.length, 0);
  lengths.writeUInt32BE(header.length, 4);
  const frame = Buffer.concat([lengths, header, content]);
  expect(body(frame.subarray(0, 3))).toBeUndefined();
  expect(body(frame.subarray(0, frame.length - 1))).toBeUndefined();
  expect(body(frame)).toBe(content.toString());
});
