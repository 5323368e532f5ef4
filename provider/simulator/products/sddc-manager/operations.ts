// Every asynchronous operation that is more than a task below `/v1/tasks`, as the specifications of SDDC Manager, Cloud
// Builder (below 9.0) and VCF Installer (from 9.0 on) have them. All other changes are tasks that fit their path.
import type { Operation } from "./operation";
import { administration } from "./operations/administration";
import { bringUps } from "./operations/bring-ups";
import { credentials } from "./operations/credentials";
import { lifecycle } from "./operations/lifecycle";
import { queries } from "./operations/queries";
import { validations } from "./operations/validations";

/** @internal */
export const operations: readonly Operation[] = [
  ...administration,
  ...bringUps,
  ...credentials,
  ...lifecycle,
  ...queries,
  ...validations,
];
