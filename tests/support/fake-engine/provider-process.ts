// The real process of dynamic providers, started and spoken to as Pulumi's CLI does.
import { spawn, type ChildProcess } from "node:child_process";

import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckRequest,
  ConfigureRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  ErrorResourceInitFailed,
  UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/** Inputs or outputs of a resource. */
export type Properties = Record<string, unknown>;

/** What the provider says of a resource that exists but is not well. */
export interface InitFailure {
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: readonly string[];
}

/** A step that failed. */
export class StepError extends Error {
  /** Present when the resource's state is to be kept. */
  readonly initFailure: InitFailure | undefined;

  constructor(message: string, initFailure?: InitFailure) {
    super(message);
    this.initFailure = initFailure;
  }
}

/** What a difference asks for. */
export interface Difference {
  readonly changes: boolean;
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** A provider process that runs. */
export interface ProviderProcess {
  readonly pid: number;
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** What it has printed. */
  text(): string;
  /** Inputs as the provider wants them. @throws StepError when it does not take them */
  check(urn: string, olds: Properties, news: Properties): Promise<Properties>;
  diff(urn: string, id: string, olds: Properties, news: Properties): Promise<Difference>;
  create(urn: string, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  update(urn: string, id: string, olds: Properties, news: Properties): Promise<Properties>;
  remove(urn: string, id: string, outputs: Properties): Promise<void>;
  /** The engine's word that it wants to stop. */
  cancel(): Promise<void>;
  /** Cuts the connection. */
  disconnect(): void;
}

const host = require.resolve("@pulumi/pulumi/cmd/dynamic-provider");

function toStruct(properties: Properties): Struct {
  // Through JSON: a message has no place for what is undefined.
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, JavaScriptValue>);
}

function toProperties(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

function initFailureOf({ metadata }: ServiceError): InitFailure | undefined {
  const [packed] = metadata.get("grpc-status-details-bin");
  if (!Buffer.isBuffer(packed)) return undefined;
  const [detail] = Status.deserializeBinary(packed).getDetailsList();
  if (detail === undefined) return undefined;
  const failure = ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return {
    id: failure.getId(),
    properties: toProperties(failure.getProperties()),
    reasons: failure.getReasonsList(),
  };
}

/** Settles with the answer of a call. */
function answerOf<T>(call: (done: (error: ServiceError | null, answer: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, answer) => {
      if (error === null) resolve(answer);
      else reject(new StepError(error.details, initFailureOf(error)));
    });
  });
}

// A busy machine needs some seconds for it.
const longestStartMs = 60_000;

async function portOf(child: ChildProcess, text: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const tooLong = (): void => reject(new Error(`The provider process does not serve: ${text()}`));
    const timer = setTimeout(tooLong, longestStartMs);
    child.once("exit", () => clearTimeout(timer));
    child.once("exit", () => reject(new Error(`The provider process ended at once: ${text()}`)));
    child.stdout?.on("data", () => {
      const port = /^(\d+)\n/.exec(text())?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(port);
    });
  });
}

/** Connects to a provider process as soon as it serves, and configures it. */
async function connect(child: ChildProcess, text: () => string): Promise<ResourceProviderClient> {
  const address = `127.0.0.1:${await portOf(child, text)}`;
  const client = new ResourceProviderClient(address, credentials.createInsecure());
  const configure = new ConfigureRequest();
  configure.setArgs(toStruct({}));
  configure.setAcceptsecrets(true);
  await answerOf((done) => client.configure(configure, done));
  return client;
}

/** Starts a provider process; its engine is the one at `engineAddress`. */
export async function startProviderProcess(
  engineAddress: string,
  options: { readonly folder: string; readonly environment: Record<string, string> },
): Promise<ProviderProcess> {
  const child = spawn(process.execPath, [host, engineAddress], {
    cwd: options.folder,
    env: options.environment,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, as the CLI gives it.
    detached: true,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  let hasEnded = false;
  const ended = new Promise<void>((done) => {
    child.once("exit", () => {
      hasEnded = true;
      done();
    });
  });
  const client = await connect(child, () => text).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });

  return {
    pid: child.pid ?? 0,
    ended,
    hasEnded: () => hasEnded,
    text: () => text,
    async check(urn, olds, news) {
      const request = new CheckRequest();
      request.setUrn(urn);
      request.setOlds(toStruct(olds));
      request.setNews(toStruct(news));
      const answer = await answerOf<{
        getInputs(): Struct | undefined;
        getFailuresList(): { getReason(): string }[];
      }>((done) => client.check(request, done));
      const failures = answer.getFailuresList().map((failure) => failure.getReason());
      if (failures.length > 0) throw new StepError(failures.join("\n"));
      return toProperties(answer.getInputs());
    },
    async diff(urn, id, olds, news) {
      const request = new DiffRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOlds(toStruct(olds));
      request.setNews(toStruct(news));
      const answer = await answerOf<{
        getChanges(): number;
        getReplacesList(): string[];
        getDeletebeforereplace(): boolean;
      }>((done) => client.diff(request, done));
      return {
        changes: answer.getChanges() === 2,
        replaces: answer.getReplacesList(),
        deleteBeforeReplace: answer.getDeletebeforereplace(),
      };
    },
    async create(urn, inputs) {
      const request = new CreateRequest();
      request.setUrn(urn);
      request.setProperties(toStruct(inputs));
      const answer = await answerOf<{ getId(): string; getProperties(): Struct | undefined }>((done) =>
        client.create(request, done),
      );
      return { id: answer.getId(), outputs: toProperties(answer.getProperties()) };
    },
    async update(urn, id, olds, news) {
      const request = new UpdateRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setOlds(toStruct(olds));
      request.setNews(toStruct(news));
      const answer = await answerOf<{ getProperties(): Struct | undefined }>((done) =>
        client.update(request, done),
      );
      return toProperties(answer.getProperties());
    },
    async remove(urn, id, outputs) {
      const request = new DeleteRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setProperties(toStruct(outputs));
      await answerOf((done) => client.delete(request, done));
    },
    async cancel() {
      await answerOf((done) => client.cancel(new Empty(), done));
    },
    disconnect: () => client.close(),
  };
}
