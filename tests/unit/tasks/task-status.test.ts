import fc from "fast-check";

import { isTerminal, meansSuccessWithWarning, taskStatuses, toTaskStatus } from "../../../provider/tasks";
import { runs } from "../../support/properties";

// Every spelling that a specification, a sample or a client of a product shows.
test.each([
  [
    "PENDING",
    ["PENDING", "Pending", "QUEUED", "Queued", "SCHEDULED", "INITIALIZED", "NOT_STARTED", "AVAILABLE"],
  ],
  [
    "RUNNING",
    [
      "IN_PROGRESS",
      "In Progress",
      "IN PROGRESS",
      "INPROGRESS",
      "RUNNING",
      "VALIDATING",
      "PREVALIDATION_IN_PROGRESS",
      "POSTVALIDATION_IN_PROGRESS",
      "CANCELLATION_IN_PROGRESS",
      "PREVALIDATION_COMPLETED_WITH_SUCCESS",
    ],
  ],
  ["BLOCKED", ["BLOCKED"]],
  [
    "SUCCEEDED",
    [
      "SUCCESSFUL",
      "Successful",
      "SUCCESS",
      "SUCCEEDED",
      "COMPLETED",
      "COMPLETED_WITH_SUCCESS",
      "POSTVALIDATION_COMPLETED_WITH_SUCCESS",
      "SYNCED",
    ],
  ],
  [
    "SUCCEEDED",
    ["COMPLETED_WITH_WARNING", "COMPLETED_WITH_WARNINGS", "WARNING", "SKIPPED", "NOT_APPLICABLE"],
  ],
  [
    "FAILED",
    [
      "FAILED",
      "Failed",
      "COMPLETED_WITH_FAILURE",
      "INTERNAL_ERROR",
      "TIMED_OUT",
      "Timed Out",
      "INCONSISTENT",
      "SYNC_FAILED",
      "ROLLBACK_SUCCESS",
      "PREVALIDATION_COMPLETED_WITH_FAILURE",
      "POSTVALIDATION_COMPLETED_WITH_FAILURE",
      "RECALLED",
    ],
  ],
  ["CANCELLED", ["CANCELLED", "Cancelled", "CANCELED", "USER_CANCELLED"]],
])("%s is the status of %j", (status, words) => {
  expect(words.map(toTaskStatus)).toEqual(words.map(() => status));
});

test("case, spaces, hyphens and underscores do not matter", () => {
  expect(["in-progress", "In_Progress", " in progress ", "InProgress"].map(toTaskStatus)).toEqual(
    Array.from({ length: 4 }, () => "RUNNING"),
  );
});

test.each(["COMPLETED_WITH_WARNING", "FAILED_WITH_WARNINGS", "WARNING", "SKIPPED", "NOT_APPLICABLE"])(
  "%s is a success to look at",
  (word) => {
    expect(meansSuccessWithWarning(word)).toBe(true);
  },
);

test.each(["SUCCESSFUL", "FAILED", "UNKNOWN", ""])("%j is no success to look at", (word) => {
  expect(meansSuccessWithWarning(word)).toBe(false);
});

test.each([
  "UNKNOWN",
  "",
  "SUCCESSFULLY_FAILED",
  "NOT_SUCCESSFUL",
  "constructor",
  "__proto__",
  "WITH_WARNINGS",
])("%j is no word we know, and ends nothing", (word) => {
  expect(toTaskStatus(word)).toBe("UNKNOWN");
  expect(isTerminal(toTaskStatus(word))).toBe(false);
});

test("no made-up word ever counts as a success", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(toTaskStatus(`${text}~`)).toBe("UNKNOWN");
    }),
    runs(100),
  );
});

test("only three statuses end a task", () => {
  expect(taskStatuses.filter(isTerminal)).toEqual(["SUCCEEDED", "FAILED", "CANCELLED"]);
});
