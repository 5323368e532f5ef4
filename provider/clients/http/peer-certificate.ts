import type { Agent } from "node:http";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect, type PeerCertificate } from "node:tls";

import { openTunnel } from "./proxy";

/** How to get to a server, and how long that may take. */
export interface PeerOptions {
  readonly proxy: Agent | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The certificate that a server shows, through its proxy if it has one; nothing is sent to it. */
export async function peerCertificate(
  url: URL,
  { proxy, timeoutMs, signal }: PeerOptions,
): Promise<PeerCertificate> {
  const host = url.hostname.replaceAll(/[[\]]/g, "");
  const port = Number(url.port || 443);
  const ending = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const tunnel =
    proxy === undefined ? undefined : await untilAborted(openTunnel(proxy, url, host, port), ending);
  return new Promise((resolve, reject) => {
    const socket = connect(
      {
        ...(tunnel === undefined ? { host, port } : { socket: tunnel }),
        ...(isIP(host) === 0 ? { servername: host } : {}),
        rejectUnauthorized: false,
      },
      () => {
        resolve(socket.getPeerCertificate());
        socket.destroy();
      },
    );
    const stop = (): void => void socket.destroy(reasonOf(ending));
    ending.addEventListener("abort", stop, { once: true });
    socket.on("error", reject);
    socket.on("close", () => {
      ending.removeEventListener("abort", stop);
      tunnel?.destroy();
      reject(new Error("the connection was closed"));
    });
  });
}

function reasonOf({ reason }: AbortSignal): Error {
  const isTimeout = reason instanceof Error && reason.name === "TimeoutError";
  return isTimeout ? new Error("no answer in time") : (reason as Error);
}

/** A tunnel, unless it is too late; one that comes later is closed again. */
function untilAborted(opening: Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(reasonOf(signal));
      opening.then(
        (tunnel) => tunnel.destroy(),
        () => undefined,
      );
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    const end = (): void => signal.removeEventListener("abort", abort);
    opening.then(resolve, reject).finally(end);
  });
}
