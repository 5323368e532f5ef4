// Real HTTP with replies of any status, header and body, JSON or not: a client answers with what holds together, or
// throws an error of ours; and it does not say that nothing was started where it cannot know.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import fc from "fast-check";

import { createClient } from "../../../provider/clients";
import {
  hasCode,
  isVmwareTasksError,
  products,
  type Product,
  type ProductClient,
  withoutSecretFields,
} from "../../../provider/tasks";
import { anyJson, nearly } from "../../support/odd-json";
import { limitMs, runs } from "../../support/properties";
import { cisTask, sddcTask, vcdaTask, vimTask } from "../../support/true-bodies";
import { never, settingsOf } from "../../support/with-simulator";

interface OddReply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly bytes: Buffer | string;
  /** The connection ends before the reply does. */
  readonly isCut: boolean;
}

const id = "52c7b6f2-4a3e-4c1d-9a4f-000000000001:com.vmware.vcenter.VM";
const ids = [id, "task-2", "task-3"];

const pollNames = ["id", "state", "progress", "startTime", "endTime", "workflowInfo.type", "result", "error"];
const pollRow = (taskId: string): unknown[] => [
  taskId,
  "RUNNING",
  40,
  1767225600000,
  -1,
  "start",
  null,
  null,
];

/** What a client of a product may be sent as a good answer. */
const shapes: Record<Product, readonly unknown[]> = {
  vcenter: [
    { [id]: cisTask.body, "task-2": cisTask.body },
    cisTask.body,
    vimTask.body,
    id,
    cisTask.body.error,
  ],
  snapservice: [
    { items: ids.map((task) => ({ task, info: cisTask.body })) },
    cisTask.body,
    id,
    cisTask.body.error,
  ],
  "sddc-manager": [
    { elements: [{ ...sddcTask.body, id }, sddcTask.body], pageMetadata: { pageNumber: 0, totalPages: 3 } },
    { ...sddcTask.body, id },
    { errorCode: "BUSY", message: "no", nestedErrors: [] },
  ],
  vcda: [
    { propertyNames: pollNames, values: ids.map(pollRow) },
    { items: [vcdaTask.body], total: 300 },
    { ...vcdaTask.body, id },
    vcdaTask.body.error,
  ],
};

const deep = (levels: number): string => '{"a":['.repeat(levels) + "1" + "]}".repeat(levels);
const pages = fc.constantFrom(
  "",
  "<html><body>502 Bad Gateway</body></html>",
  '{"status":"SUCC',
  "null",
  '"',
  "1e999",
  deep(20_000),
);

function replyOf(product: Product): fc.Arbitrary<OddReply> {
  const json = fc.oneof(anyJson, ...shapes[product].map((shape) => nearly(shape, () => undefined)));
  const status = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(200, 201, 202, 204) },
    { weight: 4, arbitrary: fc.constantFrom(301, 400, 401, 403, 404, 406, 409, 429, 500, 502, 503, 599) },
  );
  return fc.record({
    status,
    headers: fc.constantFrom<Record<string, string>>(
      ...[{}, {}, {}, { "retry-after": "1e308" }, { "retry-after": "-5" }, { "retry-after": "soon" }],
      ...[{ "content-encoding": "gzip" }, { date: "yesterday" }, { location: "http://127.0.0.1:1/" }],
    ),
    bytes: fc.oneof(
      { weight: 6, arbitrary: json.map((value) => JSON.stringify(value)) },
      { weight: 1, arbitrary: pages },
      { weight: 1, arbitrary: fc.uint8Array().map((bytes) => Buffer.from(bytes)) },
    ),
    isCut: fc.constantFrom(false, false, false, false, false, false, true),
  });
}

function isLogIn({ url = "", method }: IncomingMessage): boolean {
  return method === "POST" && /\/(session|sessions|tokens)$/.test(url);
}

/** A log-in that every product understands. */
function logIn(response: ServerResponse, product: Product): void {
  response.writeHead(201, { "content-type": "application/json", "x-vcav-auth": "token" });
  response.end(
    product === "sddc-manager" ? JSON.stringify({ accessToken: "t", refreshToken: { id: "r" } }) : '"token"',
  );
}

function send(response: ServerResponse, { status, headers, bytes, isCut }: OddReply): void {
  if (status === 204) {
    response.writeHead(status, headers).end();
    return;
  }
  const length = Buffer.byteLength(bytes) + (isCut ? 10 : 0);
  response.writeHead(status, { ...headers, "content-length": length });
  response.write(bytes, () => (isCut ? response.destroy() : response.end()));
}

/** Everything that a client of the product can be asked. */
function calls(client: ProductClient, product: Product): readonly (() => Promise<unknown>)[] {
  const refs = ids.map((one) => ({ id: one, kind: "task" }));
  const ref = { id, kind: "task" };
  const request = { method: "POST", path: "/api/vcenter/vm", body: { name: "a" } } as const;
  return [
    () => client.look([ref], never),
    () => client.look(refs, never),
    () =>
      client.look(
        Array.from({ length: 9 }, (_, index) => ({ id: `task-${index}`, kind: "task" })),
        never,
      ),
    () => client.get(ref, {}, never),
    () => client.list({}, never),
    () => client.findStarted({ request, kind: "task", sentAt: 0 }, never),
    () => client.read({ method: "GET", path: "/api/vcenter/vm" }, never),
    ...(product === "vcenter" ? [() => client.look([{ id: "task-1", kind: "vim" }], never)] : []),
    ...(product === "vcenter" || product === "sddc-manager" ? [() => client.cancel(ref, never)] : []),
    ...(product === "sddc-manager" ? [() => client.retry(ref, undefined, never)] : []),
  ];
}

/** An error of ours, or data that can be stored. */
function expectSound(outcome: unknown): void {
  if (outcome instanceof Error) expect([outcome, isVmwareTasksError(outcome)]).toEqual([outcome, true]);
  else expect(() => JSON.stringify(withoutSecretFields([outcome]))).not.toThrow();
}

/** Whether a status says, of itself, that nothing was started. */
const mayRefuse = (status: number): boolean => status >= 400 && status !== 429;

describe.each(products)("a client of %s", (product) => {
  let replies: OddReply[] = [];
  let sent: OddReply[] = [];
  const server = createServer((request, response) => {
    request.resume();
    if (isLogIn(request)) {
      logIn(response, product);
      return;
    }
    const reply = replies[sent.length % replies.length] as OddReply;
    sent.push(reply);
    send(response, reply);
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  test(
    "bears whatever it is sent",
    async () => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const settings = settingsOf({ url, username: "deploy", password: "c4nary-Pass" }, product);
      await fc.assert(
        fc.asyncProperty(fc.array(replyOf(product), { minLength: 1, maxLength: 6 }), async (odd) => {
          [replies, sent] = [odd, []];
          const client = createClient(settings);
          try {
            for (const call of calls(client, product)) {
              const before = sent.length;
              const outcome: unknown = await call().catch((thrown: unknown) => thrown);
              expectSound(outcome);
              // No reply makes a client ask without end.
              expect(sent.length - before).toBeLessThanOrEqual(60);
            }
            sent = [];
            const start = { method: "POST", path: "/v1/things", body: {} } as const;
            const outcome: unknown = await client
              .start(start, { kind: "task" }, never)
              .catch((thrown: unknown) => thrown);
            const last = sent.at(-1)?.status ?? 0;
            if (outcome instanceof Error) expect(isVmwareTasksError(outcome)).toBe(true);
            else expect(last).toBeLessThan(500);
            if (hasCode(outcome, "VMWARE_REQUEST_REFUSED")) expect(mayRefuse(last)).toBe(true);
            const isUnsent = hasCode(outcome, "VMWARE_ENDPOINT_FAULT") && outcome.fault.sent === "no";
            if (isUnsent && sent.length > 0) expect([401, 403, 406, 429]).toContain(last);
          } finally {
            await client.close(AbortSignal.timeout(1_000));
          }
        }),
        runs(25),
      );
    },
    limitMs(60),
  );
});
