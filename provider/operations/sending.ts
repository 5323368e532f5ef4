import { randomUUID } from "node:crypto";

import {
  immediatePrefix,
  messageOf,
  type ApiRequest,
  type Redactor,
  type StartReply,
  type TaskRef,
} from "../tasks";
import type { RetryPolicy } from "./arguments";
import type { Context, OpenEndpoint } from "./context";
import type { JournalRecord, RequestKind } from "./journal";

/** A request that starts work, and for whom. */
export interface StartingRequest {
  readonly resourceUrn: string;
  readonly requestKind: RequestKind;
  readonly endpoint: OpenEndpoint;
  readonly request: ApiRequest;
  readonly taskKind: string;
  readonly site?: string | undefined;
  readonly taskIdFrom?: string | undefined;
  readonly isObserved?: boolean | undefined;
  readonly policy: RetryPolicy;
  /** Keeps secrets out of what is shown meanwhile. */
  readonly redactor: Redactor;
  /** Which task the request belongs to, when it is not the first of its resource. */
  readonly of?: string | undefined;
  readonly attempt?: number | undefined;
  /** Another request has left before, and the object may show its effect until this one has ended well. */
  readonly isCorrection?: boolean | undefined;
  /** What else must be the same for an earlier sending to count as this one. */
  readonly identity?: unknown;
  /** What the state has of the object now. */
  readonly base?: unknown;
  /** Until when a busy server is waited for at most, whatever the policy says; in milliseconds since 1970. */
  readonly deadlineAt?: number | undefined;
}

/** What became of a request that was sent. */
export type Sent =
  | { readonly kind: "task"; readonly ref: TaskRef }
  /** Answered at once: `id` is made up, and is the one in the journal. */
  | {
      readonly kind: "done";
      readonly id: string;
      readonly body: unknown;
      readonly note?: string | undefined;
    };

/** How long the reply to a request may take, in milliseconds. */
export function longestReplyMs({ endpoint, request }: Pick<StartingRequest, "endpoint" | "request">): number {
  return request.timeoutMs ?? endpoint.settings.requestTimeoutMs;
}

/** Whether an id stands for an operation which the server answered at once, without a task. */
export function isImmediate(taskId: string): boolean {
  return taskId.startsWith(immediatePrefix);
}

/** What of a request tells it from another one; not the endpoint, which may have another name by then. */
export const hashed = ({
  request: { timeoutMs, ...request },
  taskKind,
  site,
  identity,
}: Pick<StartingRequest, "request" | "taskKind" | "site" | "identity">): unknown => ({
  request,
  taskKind,
  site,
  identity,
});

/** Writes down that a request leaves, or which task it has. */
export function writeRecord(
  { journal }: Context,
  sending: StartingRequest,
  sentAt: number,
  {
    taskId,
    isDone,
    isSecondTime,
    lastSentAt,
  }: Partial<Pick<JournalRecord, "taskId" | "isDone" | "isSecondTime" | "lastSentAt">> = {},
): void {
  journal.write({
    resourceUrn: sending.resourceUrn,
    kind: sending.requestKind,
    endpoint: sending.endpoint.settings.name,
    request: hashed(sending),
    sentAt,
    ...(sending.of === undefined ? {} : { of: sending.of }),
    ...(sending.attempt === undefined ? {} : { attempt: sending.attempt }),
    ...(taskId === undefined ? {} : { taskId }),
    ...(sending.base === undefined ? {} : { base: sending.base }),
    ...(isDone === true ? { isDone } : {}),
    ...(isSecondTime === true ? { isSecondTime } : {}),
    ...(lastSentAt === undefined ? {} : { lastSentAt }),
  });
}

/** Takes a reply: its id goes into the journal, which must not cost the id itself. */
export function received(
  context: Context,
  sending: StartingRequest,
  sentAt: number,
  reply: StartReply,
): Sent {
  const sent: Sent = reply.kind === "task" ? reply : { ...reply, id: `${immediatePrefix}${randomUUID()}` };
  const id = sent.kind === "task" ? sent.ref.id : sent.id;
  context.memoryOf(sending.endpoint.settings.name).knownTasks.add(id);
  try {
    writeRecord(context, sending, sentAt, { taskId: id });
  } catch (error) {
    context.deployment.warn(
      sending.resourceUrn,
      `It was started (${id}), but the journal could not be written: ${messageOf(error)}`,
    );
  }
  return sent;
}
