// The program whose state each release leaves behind: every kind of resource, at every end that it can come to.
const pulumi = require("@pulumi/pulumi");
const vmware = require("pulumi-vmware-tasks");

// The first deployment makes the objects, the second changes them, the third is killed.
const step = Number(process.env.RELEASED_STATE_STEP);
const secret = pulumi.secret("released-state-secret");
const size = step === 1 ? 1 : step < 4 ? 2 : 3;

const groupPath = "/api/things/domain-c8/groups";
const group = { name: "gold", size };
new vmware.Operation("group", {
  endpoint: "vcenter",
  request: { method: "POST", path: groupPath, body: group },
  update: (done) => ({ method: "PATCH", path: `${groupPath}/${done.result}`, body: group }),
  delete: (done) => ({ method: "DELETE", path: `${groupPath}/${done.result}` }),
});

const vm = new vmware.Operation("observed", {
  endpoint: "vcenter",
  request: {
    method: "POST",
    path: "/api/vcenter/vm?action=clone",
    body: { source: "vm-1", name: "web", note: secret },
  },
  delete: (done) => ({ method: "DELETE", path: `/api/vcenter/vm/${done.result}` }),
  observe: (done) => ({ request: { method: "GET", path: `/api/vcenter/vm/${done.result}` } }),
  triggers: ["once"],
});

new vmware.Operation("hidden", {
  endpoint: "vcenter",
  request: { method: "POST", path: "/api/esx/settings/clusters/domain-c8/software?action=scan" },
  observe: { request: { method: "GET", path: "/api/vcenter/vm/vm-1" } },
  sensitiveResult: true,
  expect: [{ path: "status", equals: "SUCCEEDED" }],
});

new vmware.Operation("immediate", {
  endpoint: "vcenter",
  request: { method: "PUT", path: "/api/appliance/ntp", body: { servers: ["ntp.example.com"] } },
});

new vmware.Operation("adopted", {
  endpoint: "vcenter",
  adoptTaskId: "0a000000-0000-4000-8000-000000000001:com.vmware.vcenter.VM",
});

new vmware.Operation("twice", {
  endpoint: "vcenter",
  request: { method: "POST", path: "/api/vcenter/vm/vm-3?action=relocate", body: {} },
  retry: { maxAttempts: 2, delay: "100ms" },
  triggers: [vm.result],
});

const protection = { name: "nightly", target_entities: { vms: ["vm-1"] }, size };
const protectionPath = "/api/snapservice/clusters/domain-c8/protection-groups";
new vmware.Operation("protection", {
  endpoint: "snap",
  request: { method: "POST", path: protectionPath, body: protection },
  update: (done) => ({ method: "PATCH", path: `${protectionPath}/${done.result}`, body: protection }),
  delete: (done) => ({ method: "DELETE", path: `${protectionPath}/${done.result}` }),
});

new vmware.Operation("domain", {
  endpoint: "sddc",
  request: { method: "POST", path: "/v1/domains", body: { domainName: "workload", rootPassword: secret } },
  delete: (done) => ({
    method: "DELETE",
    path: `/v1/domains/${done.resources.find(({ type }) => type === "DOMAIN").id}`,
  }),
  timeout: "2h",
});

new vmware.Operation("validation", {
  endpoint: "sddc",
  request: { method: "POST", path: "/v1/domains/validations", body: { domainName: "workload" } },
});

new vmware.CompletedTask("somebodys", {
  endpoint: "sddc",
  startedTaskId: "0a000000-0000-4000-8000-000000000002",
});

new vmware.Operation("failover", {
  endpoint: "vcda",
  site: "site2",
  request: {
    method: "POST",
    path: "/vapp-replications/C4VAPP-11111111-1111-4111-8111-111111111111/failover",
    body: { type: "vcloud" },
  },
});

const host = { fqdn: "esx-1.example.com", username: "root", storageType: "VSAN", networkPoolId: "np-1" };
new vmware.Operation("failed", {
  endpoint: "sddc",
  request: { method: "POST", path: "/v1/hosts", body: [{ ...host, password: "test-password" }] },
  retry: { onNextUp: "look" },
});

new vmware.Operation("detached", {
  endpoint: "vcenter",
  request: { method: "POST", path: "/api/vcenter/vm/vm-1?action=relocate", body: {} },
  timeout: step < 4 ? "1s" : "10m",
});

if (step > 2)
  new vmware.Operation("killed", {
    endpoint: "vcenter",
    request: { method: "POST", path: "/api/vcenter/vm/vm-2?action=relocate", body: {} },
  });
