// A server that takes connections and never says anything.
import { createServer, type AddressInfo, type Socket } from "node:net";

/** Such a server, and the connections to it that are open. */
export interface SilentServer {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  readonly open: ReadonlySet<Socket>;
}

/** Runs a test beside such a server. */
export async function withSilentServer<T>(use: (server: SilentServer) => Promise<T>): Promise<T> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    // Read, or its end would never be seen.
    socket.resume();
    socket.on("error", () => undefined);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    return await use({ address: `127.0.0.1:${(server.address() as AddressInfo).port}`, open });
  } finally {
    for (const socket of open) socket.destroy();
    await new Promise((done) => server.close(done));
  }
}
