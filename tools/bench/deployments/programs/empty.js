// Resources whose creation does nothing: what the engine and the host of dynamic providers take by themselves.
const pulumi = require("@pulumi/pulumi");

/** The id tells when the resource was created. */
const provider = { create: async () => ({ id: String(Date.now()), outs: {} }) };

for (let index = 0; index < Number(process.env.BENCH_COUNT); index += 1)
  new pulumi.dynamic.Resource(provider, `empty-${index}`, {});
