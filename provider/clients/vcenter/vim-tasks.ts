import * as z from "../../zod";
import {
  EndpointFaultError,
  hasCode,
  messageOf,
  type ApiRequest,
  type Look,
  type Sender,
  type StartOptions,
  type StartReply,
  type StartTrace,
  type TaskRef,
  type TaskSnapshot,
} from "../../tasks";
import { lookAlone } from "../look-alone";
import type { EndpointSettings } from "../http/endpoint-settings";
import { replyFault } from "../http/fault";
import type { HttpReply } from "../http/http-client";
import { refusal, unexpected } from "../http/refusal";
import { parseVapiError } from "../vapi/messages";
import { stringAt } from "../vapi/task-request";
import type { VapiApi } from "../vapi/vapi-api";
import { findInHistory } from "./vim-history";
import { causesOfFault, toVimSnapshot, typeOfFault } from "./vim-task-info";

/** The kind of the tasks that the vSphere Client shows: `task-123`. */
export const vimKind = "vim";

// Known to every vCenter since 8.0 U2, and served by all later ones.
const usualRelease = "8.0.2.0";

// The API documents no limit on simultaneous requests; this is ours.
const looksAtOnce = 4;

/** Faults by which the server says "later": nothing was started. */
const busyFaults = ["TaskInProgress", "ConcurrentAccess", "ResourceInUse", "OperationDisallowedOnHost"];

/** Faults of a server that could not do its work; whether it began is not said. */
const unclearFaults = [
  "HostCommunication",
  "HostNotConnected",
  "HostNotReachable",
  "RuntimeFault",
  "SystemError",
  "Timedout",
  "UnexpectedFault",
];

const started = z.looseObject({ type: z.literal("Task"), value: z.string().min(1) });

/** Tasks of the Virtual Infrastructure JSON API (`/sdk/vim25/{release}`, since 8.0 U1). */
export interface VimTasks {
  look(refs: readonly TaskRef[], signal: AbortSignal): Promise<Look[]>;
  get(ref: TaskRef, signal: AbortSignal): Promise<TaskSnapshot | undefined>;
  start(request: ApiRequest, options: StartOptions, signal: AbortSignal): Promise<StartReply>;
  findStarted(trace: StartTrace, signal: AbortSignal): Promise<TaskSnapshot[] | undefined>;
  cancel(ref: TaskRef, signal: AbortSignal, sender?: Sender): Promise<void>;
}

/** Builds the requests about VIM tasks of one endpoint. */
export function createVimTasks(settings: EndpointSettings, api: VapiApi): VimTasks {
  const root = `/sdk/vim25/${settings.vimRelease ?? usualRelease}`;
  const infoRequest = ({ id }: TaskRef): ApiRequest => ({
    method: "GET",
    path: `${root}/Task/${encodeURIComponent(id)}/info`,
  });

  const isSessionGood = async (signal: AbortSignal): Promise<boolean> => {
    const reply = await api.send({ method: "GET", path: "/api/session" }, signal).catch(() => undefined);
    return reply?.status === 200;
  };

  /** A reply, or the error when the session is not taken: by the status, or by the API's own fault. */
  const ask = async (
    request: ApiRequest,
    signal: AbortSignal,
  ): Promise<HttpReply | { readonly refused: Error }> => {
    try {
      const reply = await api.send(request, signal);
      if (typeOfFault(reply.body) !== "NotAuthenticated") return reply;
      return { refused: replyFault(settings, request, reply, "NotAuthenticated") };
    } catch (error) {
      if (!hasCode(error, "VMWARE_ENDPOINT_FAULT") || error.fault.httpStatus !== 401) throw error;
      return { refused: error };
    }
  };

  // Told once and remembered: every further look would log in anew.
  let notShared: EndpointFaultError | undefined;

  const send = async (request: ApiRequest, signal: AbortSignal): Promise<HttpReply> => {
    if (notShared !== undefined) throw notShared;
    const first = await ask(request, signal);
    if (!("refused" in first)) return first;
    // A session that had only ended is renewed by this; nothing was started with the old one.
    if (!(await isSessionGood(signal))) throw first.refused;
    const second = await ask(request, signal);
    if (!("refused" in second)) return second;
    notShared = new EndpointFaultError(
      `Endpoint "${settings.name}" takes its session at /api but not at /sdk/vim25 (${request.method} ${request.path}). ` +
        "Only vCenter 8.0 U3 and later share it, so tasks of the kind vim cannot be followed at this one: " +
        "use an operation of /api instead, whose task is one of /api/cis/tasks.",
      { faultClass: "login", sent: "no", httpStatus: 401 },
    );
    throw notShared;
  };

  const goodBody = (request: ApiRequest, reply: HttpReply): unknown => {
    if (reply.status >= 200 && reply.status < 300 && !reply.isMalformed) return reply.body;
    const type = typeOfFault(reply.body);
    // What stands before the API, a gateway or the session filter, speaks vAPI.
    if (type === undefined || parseVapiError(reply.body) !== undefined) return api.goodBody(request, reply);
    const causes = causesOfFault(reply.body);
    if (unclearFaults.includes(type))
      throw replyFault(settings, request, reply, `${type}: ${causes[0]?.message ?? ""}`);
    throw refusal(settings, request, reply, {
      causes,
      isBusy: busyFaults.includes(type),
      isNotFound: type === "ManagedObjectNotFound",
    });
  };

  const get = async (ref: TaskRef, signal: AbortSignal): Promise<TaskSnapshot | undefined> => {
    const request = infoRequest(ref);
    let body: unknown;
    try {
      body = goodBody(request, await send(request, signal));
      return toVimSnapshot(ref, body);
    } catch (error) {
      if (hasCode(error, "VMWARE_REQUEST_REFUSED") && error.refusal.isNotFound) return undefined;
      if (hasCode(error, "VMWARE_UNEXPECTED_REPLY"))
        throw unexpected(settings, request, messageOf(error), body);
      throw error;
    }
  };

  const lookAtOne = (ref: TaskRef, signal: AbortSignal): Promise<Look> => lookAlone(() => get(ref, signal));

  return {
    get,

    async look(refs, signal) {
      const looks: Look[] = [];
      for (let from = 0; from < refs.length; from += looksAtOnce) {
        const some = refs.slice(from, from + looksAtOnce);
        looks.push(...(await Promise.all(some.map((ref) => lookAtOne(ref, signal)))));
      }
      return looks;
    },

    async start(request, { taskIdFrom, isObserved = false }, signal) {
      const reply = await send(request, signal);
      const body = goodBody(request, reply);
      const found = started.safeParse(body);
      const id =
        taskIdFrom === undefined
          ? found.success
            ? found.data.value
            : undefined
          : stringAt(taskIdFrom, body);
      if (id !== undefined) return { kind: "task", ref: { id, kind: vimKind } };
      if ((reply.status === 202 && !isObserved) || taskIdFrom !== undefined) {
        const where =
          taskIdFrom === undefined ? "the body is no task id" : `there is no task id at \`${taskIdFrom}\``;
        throw unexpected(settings, request, `${where}. The operation started, but cannot be followed`, body);
      }
      return { kind: "done", body };
    },

    findStarted: (trace, signal) =>
      findInHistory(settings, root, async (request) => goodBody(request, await send(request, signal)), trace),

    async cancel(ref, signal, sender) {
      const request: ApiRequest = {
        method: "POST",
        path: `${root}/Task/${encodeURIComponent(ref.id)}/CancelTask`,
        sender,
      };
      try {
        goodBody(request, await send(request, signal));
      } catch (error) {
        if (!hasCode(error, "VMWARE_REQUEST_REFUSED")) throw error;
        const code = error.refusal.causes[0]?.code;
        // It has ended: what became of it, the task itself tells.
        if (code === "InvalidState") return;
        if (code === "NotSupported")
          error.message +=
            "\nvCenter cannot cancel this task (its `cancelable` is false), so it goes on to its end.";
        throw error;
      }
    },
  };
}
