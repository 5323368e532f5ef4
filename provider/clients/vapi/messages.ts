import * as z from "../../zod";
import type { FailureCause } from "../../tasks";
import { fillIn } from "./placeholders";

/** A localizable message; `localized` depends on the service and the language asked for (vSphere API, `LocalizableMessage`). */
const message = z.looseObject({
  id: z.string().catch(""),
  default_message: z.string().catch(""),
  localized: z.string().optional().catch(undefined),
  args: z.array(z.unknown()).catch([]),
  params: z.unknown().optional(),
});

const stack = z.array(message).catch([]);

/** A vAPI error of `/api`, or the inner part of one of `/rest`. */
const errorBody = z.looseObject({
  error_type: z.string().optional().catch(undefined),
  "@class": z.string().optional().catch(undefined),
  messages: stack,
  data: z
    .looseObject({ is_transient: z.boolean().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  challenge: z.string().optional().catch(undefined),
});

// Other servers' errors have a `type` too (RFC 9457), and so have results.
const restError = z.looseObject({
  type: z.string().startsWith("com.vmware."),
  value: errorBody.catch({ messages: [] }),
});

/** An error in vAPI's own format. */
export interface VapiError {
  /** One of the 25 `error_type` values, such as `NOT_FOUND`. */
  readonly type: string;
  readonly causes: readonly FailureCause[];
  /** The authentication schemes that the server offers. */
  readonly challenge?: string | undefined;
}

/** The text of a localizable message for people. */
export function textOf(value: unknown): string | undefined {
  const parsed = message.safeParse(value);
  if (!parsed.success) return undefined;
  const { localized, default_message: english, id, args, params } = parsed.data;
  // Appliance tasks put plain text in `id`.
  const text = [localized, english, id].find((one) => one !== undefined && one !== "");
  return text === undefined ? undefined : fillIn(text, args, params);
}

/** `com.vmware.vapi.std.errors.not_found` and `NOT_FOUND` are the same type. */
function bareType(type: string): string {
  return (type.split(".").at(-1) ?? type).toUpperCase();
}

// Messages of vCenter's router, `httpNotFound` and `operationsForUrlNotFound` (as 7.0.3 and 9.1.1 were seen to send them).
const routersNotFound = /^com\.vmware\.vapi\.rest\.\w*NotFound$/i;

/** A path that leads nowhere has the type of an object that is not there, and only its message tells them apart. */
function trueType(type: string, messages: readonly { readonly id: string }[]): string {
  const isOfRouter = type === "NOT_FOUND" && messages.some(({ id }) => routersNotFound.test(id));
  return isOfRouter ? "OPERATION_NOT_FOUND" : type;
}

/** The error that a body of `/api` or `/rest`, or the `error` of a task holds; `undefined` for anything else. */
export function parseVapiError(body: unknown): VapiError | undefined {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return undefined;
  const rest = restError.safeParse(body);
  const inner = rest.success ? rest.data.value : body;
  if (!rest.success && !("error_type" in body) && !("messages" in body)) return undefined;
  const parsed = errorBody.safeParse(inner);
  if (!parsed.success) return undefined;
  const named = rest.success ? rest.data.type : (parsed.data.error_type ?? parsed.data["@class"] ?? "ERROR");
  const type = trueType(bareType(named), parsed.data.messages);
  const isTransient = parsed.data.data?.is_transient;
  const texts = parsed.data.messages.map((one) => textOf(one) ?? "").filter((text) => text !== "");
  // The first message is the caller's view; each later one is the cause of the one before it.
  const causes = (texts.length > 0 ? texts : [""]).map((text, depth) => ({
    path: [],
    message: text === "" ? "the server gives no message" : text,
    ...(depth === 0 ? { code: type, isTransient } : {}),
  }));
  return { type, causes, challenge: parsed.data.challenge };
}
