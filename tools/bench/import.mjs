// What the SDK costs a program: its import, over @pulumi/pulumi alone, and the registration of operations.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { print, summary } from "../figures.mjs";

const runs = 7;
const sdk = resolve(import.meta.dirname, "../../dist/sdk/index.js");

/** Runs code in a process of its own; it prints one JSON value. */
function measure(code) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", code], {
    encoding: "utf8",
    cwd: resolve(import.meta.dirname, "../.."),
    env: { ...process.env, SDK: sdk },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

const imports = Array.from({ length: runs }, () =>
  measure(`
    require("@pulumi/pulumi");
    const before = performance.now();
    require(process.env.SDK);
    console.log(performance.now() - before);`),
);
print("import of the SDK over @pulumi/pulumi", summary(imports), "ms");

/** Registers operations, or as many plain resources of Pulumi's own, with an engine that answers at once. */
function registration(make) {
  return measure(`
    process.env.VMWARE_TASKS_ENDPOINTS = JSON.stringify({ vc: { product: "vcenter", url: "https://vc.example.com", username: "a", password: "b" } });
    const pulumi = require("@pulumi/pulumi");
    const { Operation } = require(process.env.SDK);
    pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: { taskId: "t" } }), call: () => ({}) });
    const request = (name) => ({ method: "POST", path: "/api/a", body: { name } });
    const make = ${make};
    const at = performance.now();
    make("first");
    const first = performance.now() - at;
    for (let i = 0; i < 100; i += 1) make("op-" + i);
    console.log(JSON.stringify({ first, each: (performance.now() - at - first) / 100 }));`);
}

const operation = `(name) => new Operation(name, { endpoint: "vc", request: request(name), delete: () => ({ method: "DELETE", path: "/api/a" }), timeout: "5m" })`;
const plain = `(name) => {
  const parent = new pulumi.ComponentResource("bench:index:Operation", name);
  for (const type of ["StartedTask", "CompletedTask", "DeleteTask"]) new pulumi.CustomResource("bench:index:" + type, name, { request: request(name) }, { parent });
}`;

const operations = Array.from({ length: runs }, () => registration(operation));
const plains = Array.from({ length: runs }, () => registration(plain));
for (const [what, field] of [
  ["registration of the first operation", "first"],
  ["registration of each further operation", "each"],
]) {
  print(what, summary(operations.map((run) => run[field])), "ms");
  print(`${what}, as plain resources of Pulumi`, summary(plains.map((run) => run[field])), "ms");
}
