import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

import type { Sender } from "../../tasks";

/** Ends a request of whose sender nothing is left, as long as nothing of the request has left either. */
export interface HeldBack {
  /** Aborted only then. */
  readonly signal: AbortSignal;
  /** From here on the request waits for a connection. */
  readonly watch: (request: ClientRequest) => void;
  /** The request has ended, one way or the other. */
  readonly release: () => void;
}

/** What Node keeps and does not declare: whether the handshake still goes on. Over a tunnel, that is all there is to wait for. */
interface Shaking {
  readonly secureConnecting: boolean;
}

/** Calls back when a request can go out over its socket. */
function whenOpen(socket: Socket, open: () => void): void {
  const isSecure = socket instanceof TLSSocket;
  const isShaking = isSecure && (socket as TLSSocket & Shaking).secureConnecting;
  if (socket.connecting || isShaking) socket.once(isSecure ? "secureConnect" : "connect", open);
  else open();
}

/** Holds a request back that waits for a free connection, or for one that is being made, when its sender goes. */
export function holdBack(sender: Sender): HeldBack {
  const controller = new AbortController();
  const abort = (): void => controller.abort(sender.signal.reason);
  const release = (): void => sender.signal.removeEventListener("abort", abort);
  if (sender.signal.aborted) abort();
  else sender.signal.addEventListener("abort", abort, { once: true });
  return {
    signal: controller.signal,
    watch(request) {
      if (request.socket === null) request.once("socket", (socket) => whenOpen(socket, release));
      else whenOpen(request.socket, release);
    },
    release,
  };
}
