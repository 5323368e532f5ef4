import type { Agent } from "node:http";
import tls, { type PeerCertificate } from "node:tls";

import { EndpointFaultError } from "../../tasks";
import type { EndpointSettings } from "./endpoint-settings";
import { peerCertificate } from "./peer-certificate";

/** The part of TLS options that decides whom we trust. */
export interface TrustOptions {
  ca?: string[];
  rejectUnauthorized?: boolean;
  allowPartialTrustChain?: boolean;
  checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
}

function pem(certificate: PeerCertificate): string {
  const base64 = certificate.raw.toString("base64").replaceAll(/(.{64})/g, "$1\n");
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

/** Whom Node itself trusts; up to Node 22.14 it does not tell of NODE_EXTRA_CA_CERTS and --use-system-ca. */
function trustedByNode(): readonly string[] {
  return (tls as Partial<typeof tls>).getCACertificates?.("default") ?? tls.rootCertificates;
}

function fault(message: string): EndpointFaultError {
  return new EndpointFaultError(message, { faultClass: "tls", sent: "no" });
}

/** Whom to trust at an endpoint; with a pinned fingerprint, exactly the server that shows it. */
export async function trustOptions(
  settings: EndpointSettings,
  proxy: Agent | undefined,
  signal: AbortSignal,
): Promise<TrustOptions> {
  if (settings.insecureSkipTlsVerify) return { rejectUnauthorized: false };
  if (settings.serverFingerprint !== undefined) {
    const certificate = await peerCertificate(new URL(settings.url), {
      proxy,
      timeoutMs: settings.requestTimeoutMs,
      signal,
    }).catch((error: unknown) => {
      // Where a name has several addresses, Node's error has no message.
      const { message, code } = error as NodeJS.ErrnoException;
      throw new EndpointFaultError(
        `Endpoint "${settings.name}" (${settings.url}) cannot be reached: ${message || code}`,
        { faultClass: "network", sent: "no" },
      );
    });
    if (certificate.fingerprint256 !== settings.serverFingerprint) {
      throw fault(
        `Endpoint "${settings.name}" (${settings.url}) shows a certificate with the SHA-256 fingerprint ` +
          `${certificate.fingerprint256}, but \`serverFingerprint\` is another one. Nothing was sent.`,
      );
    }
    // Verified as its own authority, so the connection itself is held to this certificate too.
    return { ca: [pem(certificate)], allowPartialTrustChain: true, checkServerIdentity: () => undefined };
  }
  if (settings.caCertificates.length > 0) return { ca: [...trustedByNode(), ...settings.caCertificates] };
  return {};
}

const untrusted = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_UNTRUSTED",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "CERT_SIGNATURE_FAILURE",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** An error that says how to trust the server, when that is what a connection failed for. */
export function explainUntrusted(
  settings: EndpointSettings,
  errorCode: string,
): EndpointFaultError | undefined {
  if (!untrusted.has(errorCode)) return undefined;
  if (settings.serverFingerprint !== undefined) {
    return fault(
      `Endpoint "${settings.name}" (${settings.url}) now shows another certificate than the one of ` +
        `\`serverFingerprint\`, or that one is no longer good (${errorCode}). Nothing was sent.`,
    );
  }
  return fault(
    `Endpoint "${settings.name}" (${settings.url}) shows a certificate that is not trusted (${errorCode}). ` +
      "Nothing was sent. Three ways to trust it, in the endpoint's configuration: `caCertificates` with the PEM text " +
      "or file of the authority that signed it (best); `serverFingerprint` with the SHA-256 fingerprint of this " +
      "very certificate; or `insecureSkipTlsVerify: true`, which trusts anybody who answers there.",
  );
}
