import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** What Node keeps and does not declare: whether the handshake still goes on. Over a tunnel, that is all there is to wait for. */
interface Shaking {
  readonly secureConnecting: boolean;
}

/** What a connection still tells before a request can go out over it; nothing, when it can at once. */
function awaited(socket: Socket): "connect" | "secureConnect" | undefined {
  const isSecure = socket instanceof TLSSocket;
  const isShaking = isSecure && (socket as TLSSocket & Shaking).secureConnecting;
  if (!socket.connecting && !isShaking) return undefined;
  return isSecure ? "secureConnect" : "connect";
}

/**
 * Calls back when a request can go out over its connection: before that nothing of it has left, whatever it failed for.
 * A request whose connection is not made in time is ended.
 */
export function whenOpen(request: ClientRequest, limitMs: number, open: () => void): void {
  const watch = (socket: Socket): void => {
    const event = awaited(socket);
    if (event === undefined) {
      open();
      return;
    }
    const late = (): unknown => request.destroy(new Error(`there was no connection within ${limitMs} ms`));
    const limit = setTimeout(late, limitMs);
    const end = (): void => clearTimeout(limit);
    request.once("close", end);
    socket.once(event, () => {
      end();
      open();
    });
  };
  if (request.socket === null) request.once("socket", watch);
  else watch(request.socket);
}
