import { randomUUID } from "node:crypto";

import { EndpointFaultError, hasCode, type ApiRequest, type FailureCause } from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { newSessionFault, replyFault } from "../http/fault";
import type { HttpClient, HttpReply } from "../http/http-client";
import { refusal } from "../http/refusal";
import { errorOfBody } from "./errors";
import { createRemoteSites, type Extension } from "./remote-sites";
import { createVcdaSession, type VcdaSession } from "./session";

/** A request as it left, and its reply. */
export interface Exchange {
  readonly request: ApiRequest;
  readonly reply: HttpReply;
}

/** Speaks with one VCDA endpoint: logged in, to remote sites too where a request needs that. */
export interface VcdaApi {
  /** What the header `Accept` says of the version of the API. */
  readonly accept: string;
  /** The reply to a request, whatever its status. */
  send(request: ApiRequest, signal: AbortSignal): Promise<Exchange>;
  /**
   * The body of a good reply.
   *
   * @throws RequestRefusedError for a clear no, EndpointFaultError for anything else
   */
  goodBody(exchange: Exchange): unknown;
  ask(request: ApiRequest, signal: AbortSignal): Promise<unknown>;
  /** As `ask`; `undefined` when the server does not know the object. */
  askOrMissing(request: ApiRequest, signal: AbortSignal): Promise<unknown>;
  logIn(signal: AbortSignal): Promise<void>;
  close(signal: AbortSignal): Promise<void>;
}

const usualVersion = "4.5";

const remoteCode = "RemoteAuthenticationFailure";
// An unknown site says nothing of the object that is asked for.
const siteCode = "SiteNotFound";

/** The header by which one finds a request in the logs of all services behind an appliance. */
const operationHeader = "operationID";

function operationIdOf({ headers = {} }: ApiRequest): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === operationHeader.toLowerCase())?.[1];
}

const isRefusedByRemote = ({ reply }: Exchange): boolean =>
  reply.status === 401 && errorOfBody(reply.body)?.code === remoteCode;

/** Nothing was started, the same request may be taken later; what exists already will exist later, too. */
const isBusy = (status: number, code = ""): boolean =>
  (status === 409 && !/exist|duplicate/i.test(code)) || /busy|toomany|inprogress/i.test(code);

/** Builds the speaker; nothing is sent before it is used. */
export function createVcdaApi(settings: EndpointSettings, http: HttpClient): VcdaApi {
  const version = settings.apiVersion ?? usualVersion;
  const accept = `application/vnd.vmware.h4-v${version}+json;charset=UTF-8`;

  const deliver = async (
    request: ApiRequest,
    session: VcdaSession | undefined,
    signal: AbortSignal,
  ): Promise<HttpReply> => {
    const operationId = operationIdOf(request);
    const sent: ApiRequest = {
      ...request,
      headers: {
        accept,
        ...(operationId === undefined ? { [operationHeader]: randomUUID() } : {}),
        ...request.headers,
        ...(session === undefined ? {} : { "X-VCAV-Auth": session.token }),
      },
    };
    try {
      const reply = await http.send(sent, signal);
      if (reply.status !== 406) return reply;
      const what = `does not speak version ${version} of the API: set \`apiVersion\` of endpoint "${settings.name}"`;
      // Refused for its form, before anything was looked at; no wait mends a version.
      throw new EndpointFaultError(replyFault(settings, request, reply, what).message, {
        faultClass: "login",
        sent: "no",
        httpStatus: 406,
      });
    } catch (error) {
      if (!hasCode(error, "VMWARE_ENDPOINT_FAULT") || error.fault.sent === "no") throw error;
      throw new EndpointFaultError(
        `${error.message} (${operationHeader} ${operationIdOf(sent) ?? ""})`,
        error.fault,
      );
    }
  };

  const session = createVcdaSession(deliver, settings);
  const remoteSites = createRemoteSites(deliver, settings, session);

  /** Sends in the session, and in a new one when it has ended. */
  const sendInSession = async (
    request: ApiRequest,
    signal: AbortSignal,
  ): Promise<Exchange & { readonly session: VcdaSession }> => {
    const held = await session.get(signal);
    const first = { request, reply: await deliver(request, held, signal), session: held };
    if (first.reply.status !== 401 || isRefusedByRemote(first)) return first;
    const renewed = await session.replace(held, signal);
    // A token of the user's own may be the same as before.
    const second =
      renewed.token === held.token
        ? first
        : { request, reply: await deliver(request, renewed, signal), session: renewed };
    if (second.reply.status !== 401 || isRefusedByRemote(second)) return second;
    session.notTaken(renewed);
    throw newSessionFault(settings, errorOfBody(second.reply.body)?.causes[0]?.message);
  };

  const send = async (given: ApiRequest, signal: AbortSignal): Promise<Exchange> => {
    // The same in all its deliveries, so that the server's log shows them together.
    const operationId = operationIdOf(given) ?? randomUUID();
    const request = { ...given, headers: { [operationHeader]: operationId, ...given.headers } };
    const tried = new Map<string, Extension>();
    // Each site once, and once more where the session ended in between.
    for (let left = 2 * Object.keys(settings.remoteSites ?? {}).length + 1; ; left -= 1) {
      const before = remoteSites.current();
      const exchange = await sendInSession(request, signal);
      if (!isRefusedByRemote(exchange)) return exchange;
      const site = remoteSites.siteOf(request, errorOfBody(exchange.reply.body)?.args ?? []);
      if (left <= 0 || tried.get(site)?.session === exchange.session) throw remoteSites.unheeded(site);
      tried.set(site, await remoteSites.extend(site, before.get(site), signal));
    }
  };

  const explained = (cause: FailureCause, index: number, { request }: Exchange): FailureCause => ({
    ...cause,
    ...(cause.code === siteCode
      ? { remediation: "check `site`; GET /sites of the endpoint tells the names." }
      : {}),
    ...(index === 0 ? { reference: `${operationHeader} ${operationIdOf(request) ?? ""}` } : {}),
  });

  const goodBody = (exchange: Exchange): unknown => {
    const { request, reply } = exchange;
    const { status } = reply;
    if (status >= 200 && status < 300 && !reply.isMalformed) return reply.body;
    const error = errorOfBody(reply.body);
    const reference = `(${operationHeader} ${operationIdOf(request) ?? ""})`;
    if (error === undefined || status === 429 || status >= 500 || status < 400) {
      const [first] = error?.causes ?? [];
      const text = [first?.code, first?.message].filter(Boolean).join(": ");
      const what = text !== "" ? text : reply.isMalformed ? "a body that is not JSON" : "no usable body";
      throw replyFault(settings, request, reply, `${what} ${reference}`);
    }
    throw refusal(settings, request, reply, {
      causes: error.causes.map((cause, index) => explained(cause, index, exchange)),
      isBusy: isBusy(status, error.code),
      isNotFound: status === 404 && error.code !== siteCode,
    });
  };

  const ask = async (request: ApiRequest, signal: AbortSignal): Promise<unknown> =>
    goodBody(await send(request, signal));

  return {
    accept,
    send,
    goodBody,
    ask,
    async askOrMissing(request, signal) {
      try {
        return await ask(request, signal);
      } catch (error) {
        if (hasCode(error, "VMWARE_REQUEST_REFUSED") && error.refusal.isNotFound) return undefined;
        throw error;
      }
    },
    async logIn(signal) {
      await session.get(signal);
    },
    async close(signal) {
      await session.close(signal);
      await remoteSites.forget(signal);
    },
  };
}
