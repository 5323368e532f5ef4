// The real process of dynamic providers, driven over gRPC in the engine's place.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../../setup/folders.mjs";

const require = createRequire(join(root, "index.js"));
const grpc = createRequire(require.resolve("@pulumi/pulumi"))("@grpc/grpc-js");
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb");
const { CheckRequest, ConfigureRequest, CreateRequest } = require("@pulumi/pulumi/proto/provider_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");

/** An engine that takes log lines and lives. */
export async function startEngine() {
  const server = new grpc.Server();
  const log = (_call, done) => done(null, new Empty());
  const refuse = (_call, done) => done({ code: grpc.status.UNIMPLEMENTED });
  server.addService(
    EngineService,
    Object.fromEntries(Object.keys(EngineService).map((name) => [name, name === "log" ? log : refuse])),
  );
  const port = await new Promise((done, failed) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? failed(error) : done(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

/**
 * Starts the process and hands it an empty configuration.
 *
 * @param {{ address: string }} engine
 * @param {NodeJS.ProcessEnv} environment
 */
export async function startProvider(engine, environment) {
  const child = spawn(
    process.execPath,
    [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), engine.address],
    {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: "", ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const port = await new Promise((done) =>
    child.stdout.once("data", (chunk) => done(Number(String(chunk).trim()))),
  );
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const call = (method, request) =>
    new Promise((done, failed) =>
      client[method](request, (error, reply) => (error ? failed(error) : done(reply))),
    );
  const configure = new ConfigureRequest();
  configure.setArgs(Struct.fromJavaScript({}));
  await call("configure", configure);
  return { child, call };
}

/** The engine checks each resource before it creates it, one by one. */
export function checkRequest(properties) {
  const request = new CheckRequest();
  request.setOlds(Struct.fromJavaScript({}));
  request.setNews(Struct.fromJavaScript(properties));
  return request;
}

export function createRequest(properties) {
  const request = new CreateRequest();
  request.setProperties(Struct.fromJavaScript(properties));
  return request;
}
