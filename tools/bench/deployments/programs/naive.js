// The same operations, by the dynamic provider that one would write first: `create` starts a task and polls it.
const pulumi = require("@pulumi/pulumi");

const provider = {
  async create({ name }) {
    const { setTimeout: sleep } = require("node:timers/promises");
    const { url, username, password } = JSON.parse(process.env.VMWARE_TASKS_ENDPOINTS).vcenter;
    const ask = async (method, path, headers, body) => {
      const reply = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
      if (!reply.ok) throw new Error(`${method} ${path} was answered with ${reply.status}`);
      return reply.json();
    };
    const basic = Buffer.from(`${username}:${password}`).toString("base64");
    const session = await ask("POST", "/api/session", { authorization: `Basic ${basic}` });
    const headers = { "vmware-api-session-id": session, "content-type": "application/json" };
    const clone = "/api/vcenter/vm?action=clone&vmw-task=true";
    const taskId = await ask("POST", clone, headers, { source: "vm-1", name });
    for (;;) {
      const { status, result, error } = await ask("GET", `/api/cis/tasks/${taskId}`, headers);
      if (status === "SUCCEEDED") return { id: taskId, outs: { result } };
      if (status === "FAILED") throw new Error(JSON.stringify(error));
      await sleep(10_000);
    }
  },
};

for (let index = 0; index < Number(process.env.BENCH_COUNT); index += 1) {
  const name = `clone-${index}`;
  new pulumi.dynamic.Resource(provider, name, { name });
}
