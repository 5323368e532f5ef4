import type { EventEmitter } from "node:events";
import type { Agent } from "node:http";
import type { Duplex } from "node:stream";

import { untilAborted } from "./until-aborted";

/** What agents of `proxy-agent` have beside those of Node. */
interface TunnelAgent {
  /** How to connect to the proxy itself; agents for SOCKS and those that make no tunnels lack it. */
  readonly connectOpts?: object;
  connect: (request: EventEmitter, ...args: unknown[]) => Promise<Duplex>;
  destroy: () => void;
}

/** Why a proxy makes no tunnel, and what to do about it. */
function refusal(status: number): Error {
  return new Error(
    `its proxy answered CONNECT with HTTP ${status}. Check that HTTPS_PROXY or ALL_PROXY names the right proxy, with its ` +
      "user and password if it wants them, and that it lets this host through; NO_PROXY names hosts that need none.",
  );
}

/**
 * Gives the making of each tunnel a limit. Without one, a proxy that takes a connection and says nothing holds it, and
 * the request behind it, for ever: Node tells a request of its time-out only once it has a connection. One that is
 * refused is none: the agents hand the proxy's words on as if they were the server's.
 */
export function limitTunnels<A extends Agent>(agent: A, limitMs: number): A {
  const limited = agent as unknown as TunnelAgent;
  const { connect } = limited;
  const destroy = limited.destroy.bind(limited);
  const making = new Set<AbortController>();
  limited.connect = async (request, ...args) => {
    const ending = new AbortController();
    const { signal } = ending;
    making.add(ending);
    // Without a status where a plain request is handed to the proxy itself.
    request.once("proxyConnect", ({ statusCode = 200 }: { statusCode?: number }) => {
      if (statusCode !== 200) ending.abort(refusal(statusCode));
    });
    const limit = setTimeout(() => ending.abort(new Error("the proxy gave no answer in time")), limitMs);
    try {
      // The agent connects by its own options, which take a signal as all connections of Node do.
      const one = Object.create(limited, {
        connectOpts: { value: { ...limited.connectOpts, signal } },
      }) as object;
      return await untilAborted(connect.call(one, request, ...args), signal);
    } finally {
      clearTimeout(limit);
      making.delete(ending);
    }
  };
  limited.destroy = () => {
    for (const ending of making) ending.abort(new Error("the connection was closed"));
    destroy();
  };
  return agent;
}
