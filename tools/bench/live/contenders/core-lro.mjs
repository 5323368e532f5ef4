// @azure/core-lro: a task is what its users call an operation location. The task is started already, so the reply to the
// start is made up.
import { openTaskReader } from "../task-reader.mjs";

export async function open(access, peer) {
  const { createHttpPoller } = peer("@azure/core-lro");
  const readTask = await openTaskReader(access);
  return async (id) => {
    const request = { method: "POST", url: access.url };
    const started = { statusCode: 202, headers: { "operation-location": id }, body: {}, request };
    const poller = createHttpPoller({
      sendInitialRequest: async () => ({ flatResponse: {}, rawResponse: started }),
      sendPollRequest: async (location) => {
        const { statusCode, headers, body } = await readTask(location);
        return { flatResponse: body, rawResponse: { statusCode, headers, body, request } };
      },
    });
    await poller.pollUntilDone();
  };
}
