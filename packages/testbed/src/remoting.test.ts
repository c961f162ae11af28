import { answer, request } from "./remoting";

function frame(header: object, body: string): Buffer {
  const [head, content] = [Buffer.from(JSON.stringify(header)), Buffer.from(body)];
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(4 + head.length + content.length, 0);
  lengths.writeUInt32BE(head.length, 4);
  return Buffer.concat([lengths, head, content]);
}

test("a request is as the remoting protocol frames it", () => {
  const sent = request(25, { queueId: 3, batch: false }, Buffer.from("a=b"), 7);
  expect(sent.readUInt32BE(0)).toBe(sent.length - 4);
  const header = sent.subarray(8, 8 + sent.readUInt32BE(4)).toString();
  expect(JSON.parse(header)).toMatchObject({
    code: 25,
    flag: 0,
    opaque: 7,
    extFields: { queueId: "3", batch: "false" },
  });
  expect(sent.subarray(-3).toString()).toBe("a=b");
});

test("an answer is there when all of it has come, and leaves what follows it", () => {
  const first = frame({ code: 16, remark: "no", opaque: 4, extFields: { a: "1" } }, "body");
  const second = frame({ code: 0, opaque: 5 }, "");
  expect(answer(first.subarray(0, 3))).toBeUndefined();
  expect(answer(first.subarray(0, first.length - 1))).toBeUndefined();
  const found = answer(Buffer.concat([first, second]));
  expect(found).toMatchObject({
    opaque: 4,
    answer: { code: 16, remark: "no", fields: { a: "1" } },
    rest: second,
  });
  expect(found?.answer.body.toString()).toBe("body");
  expect(answer(second)?.answer).toMatchObject({ code: 0, fields: {} });
});
