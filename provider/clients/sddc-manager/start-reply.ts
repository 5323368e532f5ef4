import {
  RequestRefusedError,
  isTerminal,
  type ApiRequest,
  type StartOptions,
  type StartReply,
} from "../../tasks";
import type { EndpointSettings } from "../http/endpoint-settings";
import { nameOf, type HttpReply } from "../http/http-client";
import { unexpected } from "../http/refusal";
import { lookOf } from "../look-alone";
import { at, isFields } from "./fields";
import { barePath, folderOf, idBelow, kindNamed, sddcKindOf } from "./kind-of";
import type { SddcApi } from "./sddc-api";
import { idIn, toSnapshot } from "./task";

// A created object has an id, a name and a status too, so without 202 the body must look like a task.
const taskFields = ["name", "status", "creationTimestamp"];

// Of the tasks of lifecycle services (`Task` of SDDC LCM and Fleet LCM, 9.1).
const lcmTaskFields = ["cancellable", "retriable"];

/** What a good reply to a start says: which task it is, or that there is none. */
export function startReply(
  settings: EndpointSettings,
  api: SddcApi,
  { request, reply, body }: { request: ApiRequest; reply: HttpReply; body: unknown },
  { kind, taskIdFrom, isObserved = false }: StartOptions,
): StartReply {
  const row = kindNamed(kind);
  const folder = folderOf(kind, request);
  if (folder === undefined) return answeredAtOnce(settings, api, { request, kind, body });
  const fields = isFields(body) ? body : {};
  const isAccepted = reply.status === 202;
  if (row.id.length === 0 && taskIdFrom === undefined) {
    const path = barePath(request.path);
    const id = row.place === undefined ? path : decodeURIComponent(path.slice(row.place.length + 1));
    return { kind: "task", ref: { id, kind } };
  }
  const id = taskIdFrom === undefined ? idIn(row, fields) : at(fields, taskIdFrom);
  // A lifecycle service answers with the `id` of a made object too.
  const isMadeObject =
    kind === "lcm" &&
    !isAccepted &&
    taskIdFrom === undefined &&
    !lcmTaskFields.some((name) => name in fields);
  if (isMadeObject) return { kind: "done", body };
  const isTask =
    isAccepted ||
    taskIdFrom !== undefined ||
    kind !== "task" ||
    sddcKindOf(request) === kind ||
    (request.method !== "GET" && taskFields.every((field) => field in fields));
  if (typeof id === "string" && id !== "" && isTask)
    return { kind: "task", ref: { id: idBelow(kind, folder, id), kind } };
  if ((isAccepted && !isObserved) || taskIdFrom !== undefined) {
    throw unexpected(
      settings,
      request,
      `there is no task id at \`${taskIdFrom ?? row.id.at(-1) ?? "id"}\`. The operation started, but cannot be followed`,
      body,
    );
  }
  return { kind: "done", body };
}

/** Whether a reply to a check tells its outcome already. */
export function tellsOutcome(api: SddcApi, request: ApiRequest, kind: string, body: unknown): boolean {
  if (kindNamed(kind).isHarmless !== true) return false;
  const look = api.toLook(request, kind, body);
  return look.kind === "seen" && isTerminal(look.snapshot.status);
}

/** The warnings of a check whose reply was all there is. */
export function warningsOf(kind: string, body: unknown): readonly string[] {
  if (kindNamed(kind).isHarmless !== true || !isFields(body)) return [];
  const look = lookOf(() => toSnapshot(kind, body));
  return look.kind === "seen" ? look.snapshot.warnings : [];
}

/** A check whose reply is all there is: the server keeps nothing that could be asked for later. */
export function answeredAtOnce(
  settings: EndpointSettings,
  api: SddcApi,
  { request, kind, body }: { request: ApiRequest; kind: string; body: unknown },
): StartReply {
  if (body === undefined) return { kind: "done", body };
  const { status, nativeStatus, causes, warnings } = api.snapshot(request, kind, body);
  if (!isTerminal(status))
    throw unexpected(
      settings,
      request,
      `it is "${nativeStatus}", but the server has no place to ask for it later`,
      body,
    );
  if (status !== "SUCCEEDED") {
    const reasons = causes.map(({ code, message }) => (code === undefined ? message : `${code}: ${message}`));
    throw new RequestRefusedError(
      `Endpoint "${settings.name}" answered ${nameOf(request)} with ${nativeStatus}:\n  ${reasons.join("\n  ")}`,
      { httpStatus: 200, isBusy: false, isNotFound: false, causes },
    );
  }
  return { kind: "done", body, note: warnings.length > 0 ? warnings.join("\n") : undefined };
}
