import { createTaskReader } from "../../../provider/clients/vcda/task-reader";
import type { VcdaApi } from "../../../provider/clients/vcda/vcda-api";
import type { ApiRequest } from "../../../provider/tasks";
import { settingsOf } from "../../support/with-simulator";

const { signal } = new AbortController();
const limitOf = ({ query }: ApiRequest): number => Number(query?.limit);

/** A reader of a server that answers each request for a list with full pages, and tells no total. */
function readerOf(itemOf: (index: number) => unknown) {
  const asked: ApiRequest[] = [];
  const api = {
    ask(request: ApiRequest) {
      asked.push(request);
      // Far more than there is to read, and fewer than would take the test's time.
      if (asked.length > 50) return Promise.reject(new Error("This would go on for ever."));
      const from = Number(request.query?.offset);
      const items = Array.from({ length: limitOf(request) }, (_, index) => itemOf(from + index));
      return Promise.resolve({ items });
    },
  };
  const settings = settingsOf({ url: "http://127.0.0.1:1", username: "", password: "" }, "vcda");
  return { asked, reader: createTaskReader(settings, api as unknown as VcdaApi) };
}

test.each([
  ["that name no id", () => ({ state: "RUNNING" })],
  ["whose ids are no texts", (index: number) => ({ id: index, state: "RUNNING" })],
  ["that are the same ones again", (index: number) => ({ id: `task-${index % 100}`, state: "RUNNING" })],
])("a list is not read for ever when all its pages are full of tasks %s", async (_, itemOf) => {
  const { asked, reader } = readerOf(itemOf);
  expect(await reader.lookAtList({}, {}, signal)).toHaveLength(100);
  expect(asked.length).toBeLessThanOrEqual(2);
});

test("a list of full pages is read as far as is asked for", async () => {
  const { asked, reader } = readerOf((index) => ({ id: `task-${index}`, state: "RUNNING" }));
  expect(await reader.lookAtList({}, { most: 250 }, signal)).toHaveLength(250);
  expect(asked.map(limitOf)).toEqual([100, 100, 50]);
});
