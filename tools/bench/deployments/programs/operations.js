// Operations of this package.
const vmware = require("pulumi-vmware-tasks");

for (let index = 0; index < Number(process.env.BENCH_COUNT); index += 1) {
  new vmware.Operation(`clone-${index}`, {
    endpoint: "vcenter",
    request: {
      method: "POST",
      path: "/api/vcenter/vm?action=clone",
      body: { source: "vm-1", name: `clone-${index}` },
    },
  });
}
