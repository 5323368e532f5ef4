// google-gax: its own operation and back-off, with a client of operations that reads tasks.
import { openTaskReader } from "../task-reader.mjs";

function toOperation(name, { status, error }) {
  if (status === "FAILED") return { name, done: true, result: "error", error: { message: String(error) } };
  return status === "SUCCEEDED"
    ? { name, done: true, result: "response", response: { value: status } }
    : { name, done: false };
}

export async function open(access, peer) {
  const { operation, createDefaultBackoffSettings } = peer("google-gax");
  const readTask = await openTaskReader(access);
  const descriptor = {
    operationsClient: {
      getOperationInternal: async ({ name }) => [toOperation(name, (await readTask(name)).body)],
    },
    responseDecoder: (value) => value,
    metadataDecoder: (value) => value,
  };
  return (id) => operation({ name: id, done: false }, descriptor, createDefaultBackoffSettings()).promise();
}
