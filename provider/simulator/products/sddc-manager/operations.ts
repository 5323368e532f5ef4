// Every asynchronous operation that is more than a task below `/v1/tasks`, as the specifications of SDDC Manager, Cloud
// Builder (below 9.0) and VCF Installer (from 9.0 on) have them. All other changes are tasks that fit their path.
import { bringUps } from "./operations/bring-ups";
import { credentials } from "./operations/credentials";
import { validations } from "./operations/validations";
import type { Operation } from "./operation";

/** @internal */
export const operations: readonly Operation[] = [...bringUps, ...credentials, ...validations];
