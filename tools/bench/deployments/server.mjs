// The simulator in its own process, as benches of deployments work with it.
import { startSimulator } from "../../quickstart/simulator.mjs";

/** @param {NodeJS.ProcessEnv} env */
export async function startServer(env) {
  const { access, stop } = await startSimulator(env);
  const control = async (path, body) => {
    const post = { method: "POST", body: JSON.stringify(body) };
    const reply = await fetch(`${access.url}/_simulator/${path}`, body && post);
    if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
    return reply.status === 204 ? undefined : reply.json();
  };
  return {
    endpoints: {
      vcenter: { product: "vcenter", ...access },
      sddc: { product: "sddc-manager", ...access },
    },
    /** Forgets everything; tasks run by this script from now on. */
    async begin(script) {
      await control("reset", {});
      await control("script", script);
    },
    /** When the first request came, in milliseconds since 1970; undefined when none has come. */
    async firstRequestAt() {
      const [first] = await control("requests");
      return first?.at;
    },
    stop,
  };
}
