import type { FailureCause } from "../../tasks";
import { firstText, isFields, listOf, textOf, type Fields } from "./fields";

/** What a precheck found, as VCF 9.1 tells it with an error (`ValidationNotification`). */
function notifiedCauses({ notifications }: Fields, path: readonly string[]): FailureCause[] {
  return listOf(notifications)
    .filter(isFields)
    .flatMap(({ severity, message, impactMessage, remediations }) => {
      const text = [textOf(message), textOf(impactMessage)].filter(Boolean).join(" ");
      if (text === "" || (severity !== "ERROR" && severity !== "WARNING")) return [];
      const steps = listOf(remediations).filter(isFields);
      const remediation = steps
        .map((step) => textOf(step.message))
        .filter(Boolean)
        .join(" ");
      return [{ path, message: text, remediation: remediation || undefined }];
    });
}

/**
 * The causes in SDDC Manager's `Error` or in the `ErrorResponse` of a lifecycle service (all fields optional in every
 * version); these are also the bodies of every 4xx and 5xx.
 */
function flatten(error: Fields, path: readonly string[]): FailureCause[] {
  // `cause` is the name in the errors of imports.
  const explained = [...listOf(error.causes), ...listOf(error.cause)].filter(isFields);
  const nested = [
    ...causesOf(error.nestedErrors, path),
    ...explained.flatMap(({ type, message }) => {
      const text = textOf(message);
      return text === undefined ? [] : [{ path, code: textOf(type), message: text }];
    }),
    ...notifiedCauses(error, path),
  ];
  const code = firstText(error, ["errorCode", "code"]);
  const message = textOf(error.message);
  if (code === undefined && message === undefined) return nested;
  const own: FailureCause = {
    path,
    code,
    message: message ?? "the server gives no message",
    remediation: firstText(error, ["remediationMessage", "resolution"]),
    reference: firstText(error, ["referenceToken", "referenceId"]),
  };
  return [own, ...nested];
}

/** Which errors of a list are wanted. */
export type Severity = "error" | "warning";

function severityOf({ errorType }: Fields): Severity {
  return typeof errorType === "string" && errorType.toUpperCase() === "WARNING" ? "warning" : "error";
}

/** The causes that a list of `Error` objects holds, nested ones after the one they explain. */
export function causesOf(errors: unknown, path: readonly string[], severity?: Severity): FailureCause[] {
  return listOf(errors)
    .filter(isFields)
    .filter((error) => severity === undefined || severityOf(error) === severity)
    .flatMap((error) => flatten(error, path));
}

/** The causes in the body of a 4xx or 5xx; `undefined` when the body is not SDDC Manager's. */
export function causesOfBody(body: unknown): FailureCause[] | undefined {
  if (!isFields(body)) return undefined;
  if (!("errorCode" in body) && !("message" in body)) return undefined;
  return causesOf([body], []);
}
