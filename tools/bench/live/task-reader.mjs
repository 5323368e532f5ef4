// How peers look at a task, and a user's own loop: one request a task, by got as it is, over connections that are kept.
import { Agent } from "node:http";
import got from "got";

/** @returns {Promise<(id: string) => import("got").CancelableRequest<import("got").Response<any>>>} */
export async function openTaskReader({ url, username, password }) {
  const client = got.extend({
    prefixUrl: url,
    agent: { http: new Agent({ keepAlive: true }) },
    responseType: "json",
  });
  const { body: session } = await client.post("api/session", { username, password });
  const headers = { "vmware-api-session-id": session };
  return (id) => client.get(`api/cis/tasks/${encodeURIComponent(id)}`, { headers });
}
