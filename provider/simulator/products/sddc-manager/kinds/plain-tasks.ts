// Operations that are tasks and nothing else, and those of which nothing can be seen.
import { isRecord } from "../../../json";
import { renderTask } from "../task-model";
import type { Kind } from "./kind";

/** `/v1/tasks/{id}` tells how it goes. */
export const plainTask: Kind = { isTask: true, render: renderTask };

/** Answered by 202 without a body; nothing tells how it goes. */
export const unseen: Kind = { isTask: false, render: () => ({}) };

/** The server gives back, beside the task, what it was asked for. */
export const taskWithSpec: Kind = {
  ...plainTask,
  part: ({ task }, rest) => (rest === "/spec" ? { status: 200, body: task.body } : undefined),
};

/** Marking for deletion is done at once. */
export const updateOrMark: Kind = {
  ...plainTask,
  plan: (body) => (isRecord(body) && body["markForDeletion"] === true ? { durationMs: 0 } : {}),
};
