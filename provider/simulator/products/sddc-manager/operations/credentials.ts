// Passwords.
import { credentialsTask } from "../kinds/credentials-tasks";
import type { Operation } from "../operation";

/** @internal */
export const credentials: readonly Operation[] = [
  {
    method: "PATCH",
    path: "/v1/credentials",
    kind: credentialsTask,
    answers: "task",
    look: "/v1/credentials/tasks/{task}",
    unknown: 400,
    list: "/v1/credentials/tasks",
  },
];
