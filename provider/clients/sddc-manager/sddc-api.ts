import {
  hasCode,
  messageOf,
  type ApiRequest,
  type FailureCause,
  type Look,
  type TaskSnapshot,
} from "../../tasks";
import { lookOf } from "../look-alone";
import type { EndpointSettings } from "../http/endpoint-settings";
import { newSessionFault, replyFault } from "../http/fault";
import type { HttpClient, HttpReply } from "../http/http-client";
import { refusal, unexpected } from "../http/refusal";
import type { SessionHolder } from "../http/session";
import { causesOfBody } from "./errors";
import type { SddcSession } from "./session";
import { toSnapshot } from "./task";

const busyWords = [
  /too many/i,
  /another (operation|task|workflow).*in progress/i,
  // A limit of work at a time; one of hosts or characters is the same later.
  /maximum number (\w+ ){0,3}(concurrent|tasks|operations|workflows|requests|sessions)/i,
  /(concurrent|task|operation|workflow|request|session)s? (\w+ )?limit (was |is )?(reached|exceeded)/i,
  /limit (was |is )?(reached|exceeded) (\w+ ){0,3}(concurrent|tasks|operations|workflows|requests|sessions)/i,
];

/** What stands in the way of a request will still do so later, though the status be the one of a conflict. */
const lastingWords =
  /^DUPLICATE_\w+$|duplicate (entry|entries|key|name|value)|already[ _]?(been )?(exist|downloaded|scheduled)|(exists?|downloaded|scheduled)[ _]already/i;

const isLasting = ({ message, code = "" }: FailureCause): boolean =>
  lastingWords.test(message) || lastingWords.test(code);

const isBusy = (status: number, causes: readonly FailureCause[]): boolean =>
  (status === 409 && !causes.some(isLasting)) ||
  causes.some(
    ({ message, code = "" }) => busyWords.some((words) => words.test(message)) || /BUSY/.test(code),
  );

/** What a request is about, so that its refusal is understood. */
export type Purpose =
  /** It starts work: "busy" means that nothing began. */
  | "start"
  /** It retries or cancels: a bare 400, 405 or 409 is a no, too. */
  | "change"
  | "look";

/** Sends requests with the endpoint's credentials and reads what all replies have in common. */
export interface SddcApi {
  send(request: ApiRequest, signal: AbortSignal): Promise<HttpReply>;
  /** @throws RequestRefusedError, EndpointFaultError when the reply is not a good one */
  goodBody(request: ApiRequest, reply: HttpReply, purpose: Purpose): unknown;
  ask(request: ApiRequest, signal: AbortSignal, purpose?: Purpose): Promise<unknown>;
  /** `undefined` when the server does not know the object; some kinds say so by 400. */
  askOrMissing(
    request: ApiRequest,
    signal: AbortSignal,
    unknownStatuses?: readonly number[],
  ): Promise<unknown>;
  /** @throws UnexpectedReplyError that names the request */
  snapshot(request: ApiRequest, kind: string, body: unknown, id?: string): TaskSnapshot;
  toLook(request: ApiRequest, kind: string, body: unknown, id?: string): Look;
}

// Tokens of the user's own end at a time that is not known, so one is not taken for good for ever.
const provenForMs = 60_000;

const isForbidden = ({ status, isMalformed }: HttpReply): boolean => status === 403 && !isMalformed;

/** A refusal of bare status, by which a gateway does not answer for the API behind it. */
const bareRefusals = [400, 405, 409];

/** Builds what the requests of one endpoint go through. */
export function createSddcApi(
  settings: EndpointSettings,
  http: HttpClient,
  session: SessionHolder<SddcSession>,
): SddcApi {
  // A fresh token that met 403 is good, and its user may not: more new tokens would change nothing.
  let forbidden: { readonly authorization: string; readonly until: number } | undefined;
  const isProven = ({ authorization }: SddcSession): boolean =>
    authorization === forbidden?.authorization && performance.now() < forbidden.until;
  const api: SddcApi = {
    async send(request, signal) {
      const authorized = ({ authorization }: SddcSession): ApiRequest => ({
        ...request,
        headers: { ...request.headers, authorization },
      });
      const held = await session.get(signal);
      const reply = await http.send(authorized(held), signal);
      // Some versions tell an expired token by 403; user and password do not expire. A page is a gateway's.
      const mayBeExpired = settings.login !== "basic" && !isProven(held);
      const isExpired = reply.status === 401 || (isForbidden(reply) && mayBeExpired);
      if (!isExpired) return reply;
      const renewed = await session.replace(held, signal);
      // A token of the user's own may be the same as before.
      const isSame = renewed.authorization === held.authorization;
      const second = isSame ? reply : await http.send(authorized(renewed), signal);
      if (isForbidden(second))
        forbidden = { authorization: renewed.authorization, until: performance.now() + provenForMs };
      if (second.status !== 401) return second;
      session.notTaken(renewed);
      throw newSessionFault(settings, causesOfBody(second.body)?.[0]?.message);
    },

    goodBody(request, reply, purpose) {
      if (reply.status >= 200 && reply.status < 300 && !reply.isMalformed) return reply.body;
      const isBare = reply.body === undefined && !reply.isMalformed && purpose === "change";
      const causes =
        causesOfBody(reply.body) ?? (isBare && bareRefusals.includes(reply.status) ? [] : undefined);
      if (causes === undefined) throw replyFault(settings, request, reply);
      const busy = isBusy(reply.status, causes);
      // SDDC Manager answers even business failures with 500, so it does not tell whether work has begun.
      if (reply.status === 429 || (reply.status >= 500 && !(busy && purpose === "start"))) {
        const [first] = causes;
        const detail = [first?.code, first?.message].filter(Boolean).join(": ");
        throw replyFault(settings, request, reply, detail || undefined);
      }
      throw refusal(settings, request, reply, { causes, isBusy: busy, isNotFound: reply.status === 404 });
    },

    ask: async (request, signal, purpose = "look") =>
      api.goodBody(request, await api.send(request, signal), purpose),

    async askOrMissing(request, signal, unknownStatuses = [404]) {
      try {
        return await api.ask(request, signal);
      } catch (error) {
        if (hasCode(error, "VMWARE_REQUEST_REFUSED") && unknownStatuses.includes(error.refusal.httpStatus))
          return undefined;
        throw error;
      }
    },

    snapshot(request, kind, body, id) {
      try {
        return toSnapshot(kind, body, id);
      } catch (error) {
        throw unexpected(settings, request, messageOf(error), body);
      }
    },

    toLook(request, kind, body, id) {
      if (body === undefined) return { kind: "missing" };
      return lookOf(() => api.snapshot(request, kind, body, id));
    },
  };
  return api;
}
