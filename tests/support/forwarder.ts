// A port in front of a server that can stop listening for a while, as a server does that is switched off.
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A port that leads to a server. */
export interface Forwarder {
  readonly url: string;
  /** Connections are refused from now on, and those that were open are cut. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  /** Connections that are open are cut; new ones are taken. */
  cut(): void;
}

/** Opens a port that leads to a server on this machine. */
export async function createForwarder(target: string): Promise<Forwarder> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((incoming) => {
    const outgoing = connect(Number(new URL(target).port), "127.0.0.1");
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const listen = (port: number): Promise<void> =>
    new Promise((done) => void server.listen(port, "127.0.0.1", () => done()));
  await listen(0);
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async refuse() {
      if (!server.listening) return;
      await new Promise<void>((done) => {
        server.close(() => done());
        cut();
      });
    },
    accept: () => listen(port),
    cut,
  };
}
