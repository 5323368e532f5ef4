import type { Context } from "./context";
import type { JournalRecord } from "./journal";
import { longestReplyMs, type StartingRequest } from "./sending";
import { waitUntil } from "./wait-until";

/** The record, once the process that wrote it has its reply or has ended. */
export async function settledRecord(
  { clock, deployment, journal }: Context,
  sending: StartingRequest,
): Promise<JournalRecord | undefined> {
  const { resourceUrn, requestKind } = sending;
  const read = (): JournalRecord | undefined => journal.read(resourceUrn, requestKind);
  const isSettled = (): boolean => {
    const record = read();
    return (
      record === undefined ||
      record.taskId !== undefined ||
      journal.isOfThisProcess(record) ||
      !journal.isWriterAlive(record)
    );
  };
  const timeoutMs = longestReplyMs(sending) + 5_000;
  await waitUntil(isSettled, { clock, signal: deployment.signal, intervalMs: 200, timeoutMs });
  return read();
}
