import { gzipSync } from "node:zlib";

/**
 * The header `Authorization` of a log-in by a SAML assertion as bearer: `SIGN token="<base64(gzip(assertion))>"`, on
 * `POST /api/session` (vSphere API; govmomi's `sts` sends the same). The assertion is taken as it is, white space and
 * all, for its signature covers that.
 */
export function signHeader(assertion: string): string {
  return `SIGN token="${gzipSync(assertion).toString("base64")}"`;
}
