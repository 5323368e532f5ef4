import { EventEmitter } from "node:events";
import type { Agent, AgentOptions, ClientRequest } from "node:http";
import type { Duplex } from "node:stream";

import { limitTunnels } from "./limit-tunnels";

const variables = ["http_proxy", "https_proxy", "all_proxy"];

function isAnyNamed(): boolean {
  return variables.some((name) => Boolean(process.env[name] ?? process.env[name.toUpperCase()]));
}

/** As much of a request as the agents look at; none is sent. */
function noRequest(url: URL): ClientRequest {
  const request = { path: "/", getHeader: (name: string) => (name === "host" ? url.host : undefined) };
  return Object.assign(new EventEmitter(), request) as unknown as ClientRequest;
}

/**
 * The agent for a server behind the proxy that the environment names for it; `undefined` when it names none. Chosen once: an
 * agent that chooses at every request loses count of its connections and hangs at the limit.
 *
 * @param connectMs - how long a connection through it may take to be made
 */
export async function proxyAgentOf(
  url: URL,
  options: AgentOptions,
  connectMs: number,
): Promise<Agent | undefined> {
  if (!isAnyNamed()) return undefined;
  const { ProxyAgent } = await import("proxy-agent");
  const chooser = new ProxyAgent(options);
  const secureEndpoint = url.protocol === "https:";
  const chosen = await chooser.connect(noRequest(url), { host: url.hostname, port: 0, secureEndpoint });
  const isDirect = chosen === chooser.httpAgent || chosen === chooser.httpsAgent;
  return isDirect ? undefined : limitTunnels(chosen, connectMs);
}

/** A bare connection to a server through its proxy. */
export function openTunnel(agent: Agent, url: URL, host: string, port: number): Promise<Duplex> {
  const { connect } = agent as unknown as { connect: (...args: unknown[]) => Promise<Duplex> };
  return connect.call(agent, noRequest(url), { host, port, secureEndpoint: false });
}
