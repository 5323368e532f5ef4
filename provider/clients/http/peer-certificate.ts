import type { Agent } from "node:http";
import { isIP } from "node:net";
import { connect, type PeerCertificate } from "node:tls";

import { openTunnel } from "./proxy";
import { reasonOf, untilAborted } from "./until-aborted";

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
