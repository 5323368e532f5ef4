import { validateHeaderName, validateHeaderValue } from "node:http";

import { parsePath } from "dot-prop";

import * as z from "../../zod";
import { products } from "../../tasks";
import { durationForm, parseDuration } from "./duration";

/** A duration with a unit. */
export const duration = z
  .string({ error: `must be ${durationForm}` })
  .refine((text) => parseDuration(text) !== undefined, { error: `must be ${durationForm}` });

/** A text that must be there; `what` says what it is. */
export function needed(what: string): z.ZodString {
  return z.string({
    error: ({ input }) => `${input === undefined ? "is missing" : "must be text"}: ${what}`,
  });
}

/** The endpoint that is asked. */
export const endpointName = needed("the name of an endpoint in the configuration").min(1);

const name = z.string().min(1);

/** Whether a check of another's does not throw. */
function passes(check: () => unknown): boolean {
  try {
    return check() !== false;
  } catch {
    return false;
  }
}

// Names that would reach into prototypes leave nothing.
const isPropertyPath = (text: string): boolean => passes(() => parsePath(text).length > 0);

/** Where a value is in a reply or a task. A wrong one would be noticed only when the operation has started. */
const propertyPath = name.refine((text) => text === "" || isPropertyPath(text), {
  error: "must be a path such as `value.taskId` or `resources[0].type`",
});

/** Headers as Node sends them: what it refuses would be told as a request that may have left. */
export const headers = z
  .record(
    z.string(),
    z.string().refine((value) => passes(() => validateHeaderValue("any", value)), {
      error: "has a character that a header cannot have, such as a line break",
    }),
  )
  .refine((given) => Object.keys(given).every((name) => passes(() => validateHeaderName(name))), {
    error: "has a name that a header cannot have",
  });

/** Whether a URL leaves a path as it is, and makes no shorter or other one of it: that of another object. */
function isKept(path: string): boolean {
  const [place = ""] = path.split("?");
  return !path.includes("#") && !place.includes("\\") && !/\/(\.|%2e){1,2}(\/|$)/i.test(place);
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** A request of the program's. */
export const request = z.strictObject({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"], {
    error: "must be GET, POST, PUT, PATCH or DELETE",
  }),
  path: needed('the path below the endpoint\'s URL, such as "/api/vcenter/vm"')
    .regex(/^\/[^\s]*$/, { error: 'must begin with "/" and hold no spaces, such as "/api/vcenter/vm"' })
    .refine(isKept, {
      error:
        "has a `#`, a `\\`, or a part `.` or `..`, by which a URL leads elsewhere: put names into it by encodeURIComponent",
    }),
  query: z.record(z.string(), z.union([scalar, z.array(z.string())])).optional(),
  headers: headers.optional(),
  body: z.unknown().optional(),
  timeout: duration.optional(),
});

/** Conditions on an object, each on the value at a path. */
export const condition = z
  .strictObject({
    path: propertyPath,
    equals: z.unknown().optional(),
    in: z.array(z.unknown()).optional(),
    matches: z.string().refine(isPattern, { error: "must be a regular expression" }).optional(),
  })
  .refine((value) => value.equals !== undefined || value.in !== undefined || value.matches !== undefined, {
    error: "needs one of equals, in and matches",
  });

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

const pattern = z.string().refine(isPattern, { error: "must be a regular expression" });

/** When and how a failed operation is attempted again. */
export const retryPolicy = z.strictObject({
  how: z
    .enum(["auto", "retryTask", "startAgain"], { error: "must be auto, retryTask or startAgain" })
    .optional(),
  maxAttempts: z
    .int({ error: "must be a whole number from 1" })
    .min(1, { error: "must be a whole number from 1" })
    .optional(),
  delay: duration.optional(),
  factor: z.number().min(1, { error: "must be a number from 1" }).optional(),
  maxDelay: duration.optional(),
  when: z
    .strictObject({
      codes: z.array(z.string()).optional(),
      message: pattern.optional(),
      transientOnly: z.boolean().optional(),
    })
    .optional(),
  cleanup: request.optional(),
  onNextUp: z.enum(["again", "look"], { error: "must be again or look" }).optional(),
  busyTimeout: duration.optional(),
});

/** A policy of the configuration's, which may say where it holds. */
export const namedRetryPolicy = retryPolicy.extend({
  applyTo: z
    .strictObject({
      product: z.enum(products, { error: `must be one of ${products.join(", ")}` }).optional(),
      method: name.optional(),
      path: pattern.optional(),
    })
    .optional(),
});

/** `vmw-task` makes a vCenter GET start work, and what is read may be read many times. */
function asksForTask({ path, query = {} }: z.infer<typeof request>): boolean {
  return "vmw-task" in query || /[?&]vmw-task=/.test(path);
}

/** What to read of an object after the task, once or until conditions hold. */
export const observation = z.strictObject({
  request: request.refine((given) => !asksForTask(given), {
    error:
      "reads, maybe many times, and `vmw-task` starts work: leave it out, or make it an operation of its own",
  }),
  until: z.array(condition).optional(),
  interval: duration.optional(),
  timeout: duration.optional(),
});

/** What starts an operation. */
export const startArguments = z.strictObject({
  endpoint: endpointName,
  request: request.optional(),
  kind: name.optional(),
  site: name.optional(),
  taskIdFrom: propertyPath.optional(),
  adoptTaskId: name.optional(),
  triggers: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
  onRequestChange: z
    .enum(["restart", "update", "retryInPlace"], { error: "must be restart, update or retryInPlace" })
    .optional(),
  onDelete: z.enum(["leave", "cancel"], { error: "must be leave or cancel" }).optional(),
  retry: z.union([name, retryPolicy], { error: "must be the name of a policy or a policy" }).optional(),
});

/** How a task is followed and judged. */
export const completionArguments = z.strictObject({
  timeout: duration.optional(),
  onTimeout: z.enum(["detach", "cancel"], { error: "must be detach or cancel" }).optional(),
  stallTimeout: duration.optional(),
  retry: z.union([name, retryPolicy], { error: "must be the name of a policy or a policy" }).optional(),
  onFailure: z.enum(["fail", "warn"], { error: "must be fail or warn" }).optional(),
  onDelete: z.enum(["leave", "cancel"], { error: "must be leave or cancel" }).optional(),
  acceptWarnings: z.boolean().optional(),
  expect: z.array(condition).optional(),
  observe: observation.optional(),
  sensitiveResult: z.boolean().optional(),
});
