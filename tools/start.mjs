// npm start: sets up what is missing, starts simulated VMware servers, and deploys examples/quickstart to them.
// npm start -- --destroy: removes what it deployed.
import { forgetStack, isUnsettled, openStack, stackExists, withStackLock } from "./quickstart/stack.mjs";
import { startSimulator } from "./quickstart/simulator.mjs";
import { command } from "./setup/command.mjs";
import { prepare } from "./setup/prepare.mjs";
import { Problem } from "./setup/problem.mjs";
import { say } from "./setup/steps.mjs";

await command(async (args) => {
  const unknown = args.filter((arg) => arg !== "--destroy");
  if (unknown.length > 0)
    throw new Problem(`"${unknown[0]}" is not known here. There is: npm start [-- --destroy]`);
  const destroys = args.includes("--destroy");
  const env = await prepare();
  return withStackLock(() => (destroys ? destroy(env) : deploy(env)), say);
});

async function deploy(env) {
  if (isUnsettled()) {
    say(
      "The last run did not come to its end, and the simulated servers that knew its tasks are gone with it:",
    );
    say("beginning anew.\n");
    forgetStack();
  }
  return withSimulatedServers(env, async (stack) => {
    const code = await stack.up();
    if (code !== 0) {
      say(
        "\nThe deployment did not come to its end; the reason is above. Simulated servers forget, so the next npm start begins anew.",
      );
      return code;
    }
    tell(await stack.outputs(), await stack.changes());
    return 0;
  });
}

async function destroy(env) {
  if (!stackExists()) {
    say("There is nothing to remove.");
    return 0;
  }
  return withSimulatedServers(env, async (stack) => {
    const code = await stack.destroy();
    forgetStack();
    if (code === 0)
      say("Its history and configuration are removed as well: nothing of the quickstart is left.");
    else
      say("\nNot everything could be removed; the reason is above. The simulated servers forget it anyway.");
    return code;
  });
}

/** Starts the servers for as long as `work` takes, with a stack whose endpoints they are. */
async function withSimulatedServers(env, work) {
  const { access, stop } = await startSimulator(env);
  say(`Simulated vCenter and SDDC Manager are at ${access.url} until this ends; nothing real is touched.\n`);
  try {
    const endpoints = {
      vcenter: { product: "vcenter", ...access },
      snap: { product: "snapservice", ...access },
      sddc: { product: "sddc-manager", ...access },
      vcda: {
        product: "vcda",
        login: "localUser",
        ...access,
        remoteSites: {
          site2: { login: "credentials", username: access.username, password: access.password },
        },
      },
    };
    return await work(await openStack(env, endpoints));
  } finally {
    await stop();
  }
}

function tell(outputs, changes) {
  const changed = Object.entries(changes).some(([kind, count]) => kind !== "same" && count > 0);
  say(
    changed ? "\nResults" : "\nNothing changed: every operation had finished before. The results are still",
  );
  const width = Math.max(0, ...Object.keys(outputs).map((name) => name.length));
  for (const [name, value] of Object.entries(outputs)) {
    const lines = Array.isArray(value) && value.length > 0 ? value : [value];
    lines.forEach((line, i) => say(`  ${(i === 0 ? name : "").padEnd(width)}  ${short(line, width + 4)}`));
  }
  say(`
Next
  npm start                 once more: no operation starts a second time
  examples/quickstart       is the program; change it and run npm start again
  npm start -- --destroy    removes what was deployed
  npm test                  runs every test`);
}

function short(value, used) {
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll("\n", " ");
  const room = (process.stdout.columns || 110) - used;
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}
