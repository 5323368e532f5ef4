// Passwords.
import { credentialsTask } from "../kinds/credentials-tasks";
import { credentialsExpiration } from "../kinds/small-tasks";
import type { Operation } from "../operation";

const expirations = {
  method: "POST",
  path: "/v1/credentials/expirations",
  look: "/v1/credentials/expirations/{task}",
};

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
  { ...expirations, kind: credentialsExpiration, answers: "task", until: "5.1" },
  { ...expirations, kind: credentialsExpiration, since: "5.2" },
];
