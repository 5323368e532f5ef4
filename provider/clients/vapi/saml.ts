import { gzipSync } from "node:zlib";

/**
 * The `Authorization` of a request that a SAML bearer assertion proves: `SIGN token="…"`, the assertion compressed
 * and in base64 (vSphere Automation API; the form is the one of VMware's own `govmomi`).
 */
export function signHeader(assertion: string): string {
  return `SIGN token="${gzipSync(assertion).toString("base64")}"`;
}
