// Cloud Builder (below 9.0) and VCF Installer (from 9.0 on).
import { bringUp } from "../kinds/bring-ups";
import { brownfield } from "../kinds/imports";
import { capacityValidation, repeatableValidation, validation } from "../kinds/validations";
import type { Operation } from "../operation";

const cloudBuilderValidation = {
  method: "POST",
  path: "/v1/sddcs/validations",
  kind: repeatableValidation,
  status: [200, 202],
  look: "/v1/sddcs/validations/{task}",
  list: "/v1/sddcs/validations",
} as const;

/** @internal */
export const bringUps: readonly Operation[] = [
  {
    method: "POST",
    path: "/v1/sddcs",
    kind: bringUp,
    look: "/v1/sddcs/{task}",
    list: "/v1/sddcs",
    until: "5.2",
  },
  {
    method: "POST",
    path: "/v1/sddcs",
    kind: bringUp,
    look: "/v1/sddcs/{task}",
    list: "/v1/sddcs",
    latest: "/v1/sddcs/latest",
    since: "9.0",
  },
  { ...cloudBuilderValidation, bareList: true, until: "4.5" },
  { ...cloudBuilderValidation, since: "5.1", until: "5.2" },
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
  {
    method: "POST",
    path: "/v1/sddcs/resources-calculation",
    kind: capacityValidation,
    look: "/v1/sddcs/resources-calculation/{task}",
    since: "9.1",
  },
  {
    method: "POST",
    path: "/v1/sddcs/imports",
    kind: brownfield("IMPORT"),
    look: "/v1/sddcs/imports/{task}",
    unknown: 400,
    since: "9.0",
  },
  {
    method: "POST",
    path: "/v1/sddcs/imports/validations",
    kind: brownfield("VALIDATION"),
    look: "/v1/sddcs/imports/validations/{task}",
    unknown: 400,
    since: "9.0",
  },
  {
    method: "POST",
    path: "/v1/domains/{domain}/synchronizations",
    kind: brownfield("SYNC"),
    look: "/v1/domains/{domain}/synchronizations/{task}",
    unknown: 400,
    since: "9.0",
  },
  {
    method: "POST",
    path: "/v1/domains/{domain}/synchronizations/ssh-known-hosts",
    kind: brownfield("SSH_KNOWN_HOSTS_SYNC"),
    look: "/v1/domains/{domain}/synchronizations/{task}",
    unknown: 400,
    since: "9.1",
  },
];
