// Operations that are tasks and nothing else, and those of which nothing can be seen.
import { renderTask } from "../task-model";
import type { Kind } from "./kind";

/** `/v1/tasks/{id}` tells how it goes. */
export const plainTask: Kind = { isTask: true, render: renderTask };

/** Answered by 202 without a body; nothing tells how it goes. */
export const unseen: Kind = { isTask: false, render: () => ({}) };

/** Answered by 202 with the settings to come; reading them again is all there is. */
export const settings = (none: Record<string, unknown>): Kind => ({
  isTask: false,
  none,
  render: ({ task, life }) => ({
    ...none,
    ...(life.status === "FAILED" ? {} : (task.body as Record<string, unknown> | undefined)),
  }),
});
