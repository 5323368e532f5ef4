import {
  hasCode,
  type ApiRequest,
  type FailureCause,
  type Look,
  type StartOptions,
  type StartReply,
  type TaskRef,
  type TaskSnapshot,
} from "../../tasks";
import { lookOf } from "../look-alone";
import type { EndpointSettings } from "../http/endpoint-settings";
import { newSessionFault, replyFault } from "../http/fault";
import { nameOf, type HttpClient, type HttpReply } from "../http/http-client";
import { refusal, unexpected } from "../http/refusal";
import type { SessionHolder } from "../http/session";
import { parseVapiError } from "./messages";
import { toSnapshot } from "./task-info";
import { asksForTask, asTaskRequest, stringAt, taskIdOf } from "./task-request";
import { isAmbiguous, isBusy, isLegacy } from "./verdict";

/** What proves who we are: the headers that every request carries. */
export interface VapiSession {
  readonly headers: Readonly<Record<string, string>>;
}

/** Requests to a server that speaks vAPI, with its session, its errors and its way of starting tasks. */
export interface VapiApi {
  /** A reply of any status; a session that the server no longer takes is renewed once. */
  send(request: ApiRequest, signal: AbortSignal): Promise<HttpReply>;
  /** The body of a good answer; everything else is thrown as what it is. */
  goodBody(request: ApiRequest, reply: HttpReply): unknown;
  ask(request: ApiRequest, signal: AbortSignal): Promise<unknown>;
  /** The answer, or `undefined` when the server says in its own words that the object does not exist. */
  askOrMissing(request: ApiRequest, signal: AbortSignal): Promise<unknown>;
  start(request: ApiRequest, options: StartOptions, signal: AbortSignal): Promise<StartReply>;
  /** The task that a reply shows. */
  snapshot(ref: TaskRef, request: ApiRequest, body: unknown): TaskSnapshot;
  /** The same as a look: one odd task says nothing about the others. */
  toLook(ref: TaskRef, request: ApiRequest, body: unknown): Look;
}

function doneOrUnknown(request: ApiRequest): string {
  return (
    `${nameOf(request)} was answered with 204 and no task id, which counts as done. Some services answer so while the ` +
    "work goes on: `observe` can wait until the object is gone."
  );
}

/** What to do when a user may not do something. */
function withPrivilegeAdvice(
  { name, username }: EndpointSettings,
  [first, ...more]: readonly FailureCause[],
): FailureCause[] {
  const who = username === undefined ? `the user of endpoint "${name}"` : `${username} (endpoint "${name}")`;
  const remediation = `Give ${who} a role with the privilege that this needs, on the object that it is about.`;
  return first === undefined ? [] : [{ ...first, remediation }, ...more];
}

/** Builds the requests of one endpoint. */
export function createVapiApi(
  settings: EndpointSettings,
  http: HttpClient,
  session: SessionHolder<VapiSession>,
): VapiApi {
  const send = async (request: ApiRequest, signal: AbortSignal): Promise<HttpReply> => {
    const withSession = ({ headers }: VapiSession): ApiRequest => ({
      ...request,
      headers: { ...request.headers, ...headers },
    });
    const held = await session.get(signal);
    const reply = await http.send(withSession(held), signal);
    if (reply.status !== 401) return reply;
    const renewed = await session.replace(held, signal);
    // A token of the user's own may be the same as before.
    const isSame = Object.entries(renewed.headers).every(([name, value]) => held.headers[name] === value);
    const second = isSame ? reply : await http.send(withSession(renewed), signal);
    if (second.status !== 401) return second;
    session.notTaken(renewed);
    throw newSessionFault(settings, parseVapiError(second.body)?.causes[0]?.message);
  };

  const bodyOf = (request: ApiRequest, body: unknown): unknown =>
    isLegacy(request) && typeof body === "object" && body !== null && "value" in body ? body.value : body;

  const goodBody = (request: ApiRequest, reply: HttpReply): unknown => {
    if (reply.status >= 200 && reply.status < 300 && !reply.isMalformed) return bodyOf(request, reply.body);
    const error = parseVapiError(reply.body);
    if (error === undefined) throw replyFault(settings, request, reply);
    if (reply.status === 429 || isAmbiguous(request, reply.status, error)) {
      throw replyFault(settings, request, reply, `${error.type}: ${error.causes[0]?.message ?? ""}`);
    }
    throw refusal(settings, request, reply, {
      causes: error.type === "UNAUTHORIZED" ? withPrivilegeAdvice(settings, error.causes) : error.causes,
      isBusy: isBusy(reply.status, error),
      isNotFound: error.type === "NOT_FOUND",
    });
  };

  const ask = async (request: ApiRequest, signal: AbortSignal): Promise<unknown> =>
    goodBody(request, await send(request, signal));

  const askOrMissing = async (request: ApiRequest, signal: AbortSignal): Promise<unknown> => {
    try {
      return await ask(request, signal);
    } catch (error) {
      if (hasCode(error, "VMWARE_REQUEST_REFUSED") && error.refusal.isNotFound) return undefined;
      throw error;
    }
  };

  const snapshot = (ref: TaskRef, request: ApiRequest, body: unknown): TaskSnapshot => {
    try {
      return toSnapshot(ref, body);
    } catch (error) {
      throw unexpected(settings, request, (error as Error).message, body);
    }
  };

  return {
    send,
    goodBody,
    ask,
    askOrMissing,
    snapshot,

    toLook(ref, request, body) {
      if (body === undefined) return { kind: "missing" };
      return lookOf(() => snapshot(ref, request, body));
    },

    async start(given, { taskIdFrom, isObserved = false }, signal) {
      let request = asTaskRequest(given);
      let reply = await send(request, signal);
      let error = parseVapiError(reply.body);
      if (error?.type === "OPERATION_NOT_FOUND" && asksForTask(request) && !asksForTask(given)) {
        // It has no form that answers with a task, so nothing was started.
        request = { ...given, query: { ...given.query } };
        reply = await send(request, signal);
        error = parseVapiError(reply.body);
      }
      if (error?.type === "ALREADY_IN_DESIRED_STATE" && reply.status >= 400) {
        return { kind: "done", body: undefined, note: error.causes[0]?.message };
      }
      const body = goodBody(request, reply);
      const id =
        taskIdFrom === undefined
          ? taskIdOf(request, reply.status, body)
          : stringAt(taskIdFrom, reply.body, body);
      if (id !== undefined) return { kind: "task", ref: { id, kind: "task" } };
      if ((reply.status === 202 && !isObserved) || taskIdFrom !== undefined) {
        const where =
          taskIdFrom === undefined ? "the body is no task id" : `there is no task id at \`${taskIdFrom}\``;
        throw unexpected(
          settings,
          request,
          `${where}. The operation started, but cannot be followed`,
          reply.body,
        );
      }
      // Some providers answer every DELETE with 204, also where a task goes on (vAPI's runtime for Python).
      const isUnclear = request.method === "DELETE" && reply.status === 204 && asksForTask(request);
      return { kind: "done", body, ...(isUnclear ? { note: doneOrUnknown(request) } : {}) };
    },
  };
}
