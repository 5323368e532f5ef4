// How many connections to servers this process has had open at once.
import { subscribe } from "node:diagnostics_channel";

/** @returns {() => number} tells the most so far */
export function countSockets() {
  let open = 0;
  let most = 0;
  subscribe("net.client.socket", ({ socket }) => {
    open += 1;
    most = Math.max(most, open);
    socket.once("close", () => (open -= 1));
  });
  return () => most;
}
