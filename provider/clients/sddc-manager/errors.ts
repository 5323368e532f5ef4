import * as z from "../../zod";
import type { FailureCause } from "../../tasks";

const text = z.string().optional().catch(undefined);

/** SDDC Manager's `Error` (all fields optional in every version); also the body of every 4xx and 5xx. */
interface SddcError {
  errorCode?: string | undefined;
  message?: string | undefined;
  remediationMessage?: string | undefined;
  referenceToken?: string | undefined;
  causes: { type?: string | undefined; message?: string | undefined }[];
  cause: { type?: string | undefined; message?: string | undefined }[];
  nestedErrors: SddcError[];
}

const cause = z.looseObject({ type: text, message: text });
const listOfCauses = z
  .array(cause)
  .nullish()
  .catch([])
  .transform((list) => list ?? []);

const sddcError: z.ZodType<SddcError> = z.looseObject({
  errorCode: text,
  message: text,
  remediationMessage: text,
  referenceToken: text,
  causes: listOfCauses,
  // The name in the errors of imports.
  cause: listOfCauses,
  get nestedErrors() {
    return z
      .array(sddcError)
      .nullish()
      .catch([])
      .transform((list) => list ?? []);
  },
});

const filled = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === "" ? undefined : value;

function flatten(error: SddcError, path: readonly string[]): FailureCause[] {
  const nested = [
    ...error.nestedErrors.flatMap((inner) => flatten(inner, path)),
    ...[...error.causes, ...error.cause].flatMap(({ type, message }) =>
      filled(message) === undefined ? [] : [{ path, code: filled(type), message: message ?? "" }],
    ),
  ];
  const code = filled(error.errorCode);
  const message = filled(error.message);
  if (code === undefined && message === undefined) return nested;
  const own: FailureCause = {
    path,
    code,
    message: message ?? "the server gives no message",
    remediation: filled(error.remediationMessage),
    reference: filled(error.referenceToken),
  };
  return [own, ...nested];
}

/** Which errors of a list are wanted. */
export type Severity = "error" | "warning";

function severityOf(error: unknown): Severity {
  const type = typeof error === "object" && error !== null && "errorType" in error ? error.errorType : "";
  return typeof type === "string" && type.toUpperCase() === "WARNING" ? "warning" : "error";
}

/** The causes that a list of `Error` objects holds, nested ones after the one they explain. */
export function causesOf(errors: unknown, path: readonly string[], severity?: Severity): FailureCause[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error) => {
    if (severity !== undefined && severityOf(error) !== severity) return [];
    const parsed = sddcError.safeParse(error);
    return parsed.success ? flatten(parsed.data, path) : [];
  });
}

/** The causes in the body of a 4xx or 5xx; `undefined` when the body is not SDDC Manager's. */
export function causesOfBody(body: unknown): FailureCause[] | undefined {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return undefined;
  if (!("errorCode" in body) && !("message" in body)) return undefined;
  return causesOf([body], []);
}
