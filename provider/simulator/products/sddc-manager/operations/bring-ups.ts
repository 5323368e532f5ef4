// Cloud Builder (below 9.0) and VCF Installer (from 9.0 on).
import { repeatableValidation, validation } from "../kinds/validations";
import type { Operation } from "../operation";

/** @internal */
export const bringUps: readonly Operation[] = [
  {
    method: "POST",
    path: "/v1/sddcs/validations",
    kind: repeatableValidation,
    status: [200, 202],
    look: "/v1/sddcs/validations/{task}",
    list: "/v1/sddcs/validations",
    until: "5.2",
  },
  {
    method: "POST",
    path: "/v1/sddcs/validations",
    kind: validation,
    status: [200, 202],
    look: "/v1/sddcs/validations/{task}",
    list: "/v1/sddcs/validations",
    latest: "/v1/sddcs/validations/latest",
    since: "9.0",
  },
];
