// One operation of SDDC Manager, whose task has sub-tasks. One that fails ends no deployment, so that its state is kept.
const vmware = require("pulumi-vmware-tasks");

new vmware.Operation("cluster", {
  endpoint: "sddc",
  request: { method: "POST", path: "/v1/clusters", body: { domainId: "domain-1" } },
  onFailure: "warn",
});
