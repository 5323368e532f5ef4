import { EventEmitter } from "node:events";
import type { ClientRequest } from "node:http";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect, type PeerCertificate } from "node:tls";

import type { ProxyAgent } from "proxy-agent";

/** A tunnel to a server through the proxy that the environment names for it; `undefined` when it names none. */
async function tunnel(url: URL, host: string, proxy: ProxyAgent): Promise<Duplex | undefined> {
  // As much of a request as the agents look at; none is sent.
  const request = Object.assign(new EventEmitter(), {
    path: "/",
    getHeader: (name: string) => (name === "host" ? url.host : undefined),
  }) as unknown as ClientRequest;
  const options = { host, port: Number(url.port || 443) };
  const agent = await proxy.connect(request, { ...options, secureEndpoint: true });
  if (agent === proxy.httpsAgent) return undefined;
  const { connect: open } = agent as unknown as { connect: (...args: unknown[]) => Promise<Duplex> };
  return open.call(agent, request, { ...options, secureEndpoint: false });
}

/** The certificate that a server shows; nothing is sent to it. */
export async function peerCertificate(
  url: URL,
  timeoutMs: number,
  proxy?: ProxyAgent,
): Promise<PeerCertificate> {
  const host = url.hostname.replaceAll(/[[\]]/g, "");
  const through = proxy === undefined ? undefined : await tunnel(url, host, proxy);
  return new Promise((resolve, reject) => {
    const socket = connect(
      {
        ...(through === undefined ? { host, port: Number(url.port || 443) } : { socket: through }),
        ...(isIP(host) === 0 ? { servername: host } : {}),
        rejectUnauthorized: false,
      },
      () => {
        resolve(socket.getPeerCertificate());
        socket.destroy();
        through?.destroy();
      },
    );
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error("no answer in time")));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the connection was closed")));
  });
}
