// @smithy/util-waiter, with acceptors as generated clients have them: an exception is a reason to look again.
import { openTaskReader } from "../task-reader.mjs";

// A limit has to be given; this one is never reached.
const maxWaitTime = 3_600;

export async function open(access, peer) {
  const { createWaiter, checkExceptions, WaiterState } = peer("@smithy/util-waiter");
  const readTask = await openTaskReader(access);
  const states = { SUCCEEDED: WaiterState.SUCCESS, FAILED: WaiterState.FAILURE };
  const look = async (client, id) => {
    try {
      const { statusCode, body } = await readTask(id);
      const reason = { ...body, $metadata: { httpStatusCode: statusCode } };
      return { state: states[body.status] ?? WaiterState.RETRY, reason };
    } catch (reason) {
      return { state: WaiterState.RETRY, reason };
    }
  };
  return async (id) => checkExceptions(await createWaiter({ maxWaitTime }, id, look));
}
