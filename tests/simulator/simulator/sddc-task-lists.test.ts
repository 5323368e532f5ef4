import { midnight, withSimulator, type Bench, type Send } from "./with-simulator";

interface Page {
  readonly elements: { readonly id: string; readonly name: string }[];
  readonly pageMetadata: Record<string, number>;
}

const page = async (sddc: Send, query = ""): Promise<Page> => {
  const { status, body } = await sddc("GET", `/v1/tasks?${query}`);
  expect(status).toBe(200);
  return body as Page;
};

/** Five tasks, a second apart: two clusters, two domains, one that fails. */
async function startFive({ simulator, pass }: Bench): Promise<string[]> {
  const paths = ["/v1/clusters", "/v1/clusters", "/v1/avns", "/v1/avns", "/v1/alb-clusters"];
  return Promise.resolve(
    paths.map((path, index) => {
      pass(1000);
      return simulator.startForeignTask({
        product: "sddc-manager",
        path,
        plan: {
          durationMs: index === 4 ? 10_000 : 100,
          outcome: index === 3 ? "FAILED" : "SUCCEEDED",
          resources: [{ resourceId: `r-${String(index)}`, type: index % 2 === 0 ? "ESXI" : "VCENTER" }],
        },
      });
    }),
  );
}

test.each([
  ["nothing: newest first", "", [4, 3, 2, 1, 0]],
  ["limit", "limit=2", [4, 3]],
  ["taskStatus in any spelling", "taskStatus=in%20progress", [4]],
  ["taskStatus in capitals", "taskStatus=SUCCESSFUL", [2, 1, 0]],
  ["taskType", "taskType=CLUSTER_CREATION", [1, 0]],
  ["taskName, which need only occur", "taskName=CLUSTER", [4, 1, 0]],
  ["resourceId", "resourceId=r-3", [3]],
  ["resourceType", "resourceType=VCENTER", [3, 1]],
  ["completedAfter", `completedAfter=${String(midnight + 2100)}`, [3, 2]],
  ["several at once", "taskStatus=Successful&resourceType=ESXI", [2, 0]],
  ["orderBy and orderDirection", "orderBy=creationTimestamp&orderDirection=ASC", [0, 1, 2, 3, 4]],
  ["orderBy another field", "orderBy=status&orderDirection=ASC&taskType=AVN_CREATION", [3, 2]],
])("lists by %s", async (_, query, expected) => {
  await withSimulator({}, async (bench) => {
    const ids = await startFive(bench);
    bench.pass(1500);
    const { elements } = await page(bench.sddc, query);
    expect(elements.map(({ id }) => ids.indexOf(id))).toEqual(expected);
  });
});

test.each([
  [{}, 0],
  [{ firstPage: 1 as const }, 1],
])("pages from the first page that %j says", async (options, first) => {
  await withSimulator(options, async (bench) => {
    await startFive(bench);
    expect((await page(bench.sddc, "pageSize=2")).pageMetadata).toEqual({
      pageNumber: first,
      pageSize: 2,
      totalElements: 5,
      totalPages: 3,
    });
    const last = await page(bench.sddc, `pageSize=2&pageNumber=${String(first + 2)}`);
    expect(last.elements).toHaveLength(1);
    expect((await page(bench.sddc, `pageSize=2&pageNumber=${String(first + 3)}`)).elements).toEqual([]);
  });
});

test("never puts more than 100 tasks on a page, filtered or not", async () => {
  await withSimulator({}, async ({ sddc, simulator }) => {
    for (let count = 0; count < 101; count += 1) {
      simulator.startForeignTask({ product: "sddc-manager", path: "/v1/clusters" });
    }
    for (const query of ["pageSize=1000", "pageSize=1000&taskType=CLUSTER_CREATION", ""]) {
      const { elements, pageMetadata } = await page(sddc, query);
      expect(elements).toHaveLength(100);
      expect(pageMetadata).toMatchObject({ pageSize: 100, totalElements: 101, totalPages: 2 });
    }
  });
});

test.each(["pageSize=0", "pageSize=x", "pageNumber=-1", "limit=1.5"])(
  "refuses %s with 400",
  async (query) => {
    await withSimulator({}, async ({ sddc }) => {
      expect(await sddc("GET", `/v1/tasks?${query}`)).toMatchObject({
        status: 400,
        body: { errorType: "ERROR" },
      });
    });
  },
);
