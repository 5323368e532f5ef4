import type { Agent } from "node:http";
import { isIP } from "node:net";
import { connect, type PeerCertificate } from "node:tls";

import { openTunnel } from "./proxy";

/** The certificate that a server shows, through its proxy if it has one; nothing is sent to it. */
export async function peerCertificate(
  url: URL,
  timeoutMs: number,
  proxy: Agent | undefined,
): Promise<PeerCertificate> {
  const host = url.hostname.replaceAll(/[[\]]/g, "");
  const port = Number(url.port || 443);
  const tunnel = proxy === undefined ? undefined : await openTunnel(proxy, url, host, port);
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
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error("no answer in time")));
    socket.on("error", reject);
    socket.on("close", () => {
      tunnel?.destroy();
      reject(new Error("the connection was closed"));
    });
  });
}
