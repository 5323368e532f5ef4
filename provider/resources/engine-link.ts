import { createRequire } from "node:module";
import { connect } from "node:net";

import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** The engine that runs this provider: its log, and whether it still lives. */
export interface EngineLink {
  log(
    resourceUrn: string,
    text: string,
    options: { severity: "info" | "warning"; isEphemeral: boolean },
  ): void;
  /** Whether something answers at the engine's address. */
  isAlive(): Promise<boolean>;
  /** Calls back once when the connection to the engine is lost and cannot be made again. */
  onGone(callback: () => void): void;
}

// The client's channel takes credentials of the copy of grpc that @pulumi/pulumi itself uses, and of no other.
interface Grpc {
  readonly credentials: { createInsecure(): ConstructorParameters<typeof EngineClient>[1] };
}

const connectTimeoutMs = 2_000;

/** The engine's address: the last argument of the process that is not an option. */
export function engineAddress(args: readonly string[]): string | undefined {
  return args.findLast((arg) => /^[^-].*:\d+$/.test(arg));
}

function loadGrpc(): Grpc {
  const fromPulumi = createRequire(require.resolve("@pulumi/pulumi"));
  return fromPulumi("@grpc/grpc-js") as Grpc;
}

/** Opens the link to the engine. */
export function openEngineLink(address: string): EngineLink {
  const client = new EngineClient(address, loadGrpc().credentials.createInsecure());
  const channel = client.getChannel();

  const isAlive = (): Promise<boolean> =>
    new Promise((resolve) => {
      const url = new URL(`tcp://${address}`);
      const socket = connect({ host: url.hostname, port: Number(url.port), timeout: connectTimeoutMs });
      const answer = (alive: boolean) => (): void => {
        socket.destroy();
        resolve(alive);
      };
      socket.once("connect", answer(true));
      socket.once("error", answer(false));
      // Slow is not gone: this process may have been asleep itself.
      socket.once("timeout", answer(true));
    });

  return {
    log(resourceUrn, text, { severity, isEphemeral }) {
      const request = new LogRequest();
      request.setSeverity(severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
      request.setMessage(text);
      request.setUrn(resourceUrn);
      request.setEphemeral(isEphemeral);
      // A text that cannot be shown is no reason to fail.
      client.log(request, () => undefined);
    },
    isAlive,
    onGone(callback) {
      const watch = (): void => {
        const state = channel.getConnectivityState(true);
        channel.watchConnectivityState(state, Infinity, (error) => {
          if (error) return;
          void isAlive().then((alive) => (alive ? watch() : callback()));
        });
      };
      watch();
    },
  };
}
