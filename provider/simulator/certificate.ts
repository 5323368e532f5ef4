// A throw-away certificate, made only when HTTPS is asked for without one.
import { createRequire } from "node:module";
import type * as selfsigned from "selfsigned";

/** @internal */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

export async function toKeyPair(https: boolean | KeyPair | undefined): Promise<KeyPair | undefined> {
  if (https === undefined || https === false) return undefined;
  return https === true ? makeCertificate() : https;
}

async function makeCertificate(): Promise<KeyPair> {
  const { generate } = createRequire(__filename)("selfsigned") as typeof selfsigned;
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
