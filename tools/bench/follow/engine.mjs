// An engine that takes log lines and lives: all that the process of dynamic providers wants of one while it waits.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const grpc = createRequire(require.resolve("@pulumi/pulumi"))("@grpc/grpc-js");
const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");

export async function startEngine() {
  const server = new grpc.Server();
  const log = (call, done) => done(null, new Empty());
  const refuse = (call, done) => done({ code: grpc.status.UNIMPLEMENTED });
  const names = Object.keys(EngineService);
  server.addService(
    EngineService,
    Object.fromEntries(names.map((name) => [name, name === "log" ? log : refuse])),
  );
  const port = await new Promise((done, failed) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? failed(error) : done(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}
