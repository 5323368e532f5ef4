// One request from its arrival to what is put on the wire: recorded, spoilt by a fault if one is due, answered.
import type { Handled, Reply, SimulatedRequest } from "./exchange";
import type { Fault, FaultBook } from "./faults";
import type { Product } from "./products/product";
import { queryRecord, type OpenRecord } from "./recorder";
import type { World } from "./world";

/** @internal What goes on the wire. */
export interface Delivery {
  readonly reply: Reply;
  /** Where the connection is cut: not at all, in the middle of the reply, or instead of it. */
  readonly cut: "nowhere" | "middle" | "before";
}

/** @internal The wire, as far as a dispatcher has to know it. */
export interface Wire {
  /** Waits; ends early when the server closes. */
  sleep(ms: number): Promise<void>;
  clientHasLeft(): boolean;
}

const cutOff: Delivery = { reply: { status: 0 }, cut: "before" };

/** @internal */
export class Dispatcher {
  readonly #world: World;
  readonly #products: readonly Product[];
  readonly #faults: FaultBook;
  readonly #restart: (fault: Fault) => void;

  constructor(
    world: World,
    products: readonly Product[],
    faults: FaultBook,
    restart: (fault: Fault) => void,
  ) {
    this.#world = world;
    this.#products = products;
    this.#faults = faults;
    this.#restart = restart;
  }

  async dispatch(request: SimulatedRequest, wire: Wire): Promise<Delivery> {
    const product = this.#products.find((one) => one.serves(request.path));
    const { operation, taskId } = product?.classify(request) ?? { operation: "other" as const };
    const record: OpenRecord = {
      at: this.#world.settings.clock.now(),
      product: product?.name,
      method: request.method,
      path: request.path,
      query: queryRecord(request),
      operation,
      ...(taskId === undefined ? {} : { taskId }),
    };
    this.#world.recorder.requests.push(record);
    const fault = this.#faults.take({ ...request, product: product?.name }, operation, taskId);
    const handle = (): Reply => this.#handle(product, request, record);
    const delivery =
      fault === undefined ? intact(handle()) : await this.#spoil(fault, request, product, handle, wire);
    if (delivery.cut !== "before") record.status = delivery.reply.status;
    return delivery;
  }

  #handle(product: Product | undefined, request: SimulatedRequest, record: OpenRecord): Reply {
    this.#world.engine.settle();
    const handled: Handled = product?.handle(request) ?? { reply: notServed(request) };
    if (handled.taskId !== undefined) record.taskId = handled.taskId;
    return handled.reply;
  }

  async #spoil(
    fault: Fault,
    request: SimulatedRequest,
    product: Product | undefined,
    handle: () => Reply,
    wire: Wire,
  ): Promise<Delivery> {
    const wait = async (): Promise<void> => (fault.delayMs ? wire.sleep(fault.delayMs) : undefined);
    const first = takesFirst(fault) ? handle() : undefined;
    await wait();
    const headers = fault.headers === undefined ? {} : { headers: fault.headers };
    switch (fault.what) {
      case "reset-before":
        return cutOff;
      case "reset-after":
        return cutOff;
      case "reset-during":
        return { reply: first ?? handle(), cut: "middle" };
      case "delay":
        return first === undefined && wire.clientHasLeft()
          ? cutOff
          : intact(withHeaders(first ?? handle(), fault));
      case "status": {
        const { status = 500, body } = fault;
        if (body !== undefined) return intact({ status, body, ...headers });
        return intact(withHeaders(product?.errorReply(fault, request) ?? { status }, fault));
      }
      case "html":
        return intact({
          status: fault.status ?? 200,
          text:
            fault.text ??
            "<!DOCTYPE html><html><head><title>Proxy</title></head><body>Please wait.</body></html>",
          headers: { "content-type": "text/html; charset=utf-8", ...fault.headers },
        });
      case "truncated-json":
        return intact(truncated(first ?? handle()));
      case "expire-session":
        product?.expireSession(request);
        return intact(handle());
      case "restart":
        this.#restart(fault);
        return cutOff;
    }
  }
}

function takesFirst({ what, taken }: Fault): boolean {
  if (what === "reset-after" || what === "reset-during" || what === "truncated-json") return true;
  if (what === "delay") return taken !== false;
  return (what === "status" || what === "html") && taken === true;
}

function intact(reply: Reply): Delivery {
  return { reply, cut: "nowhere" };
}

function withHeaders(reply: Reply, { headers }: Fault): Reply {
  return headers === undefined ? reply : { ...reply, headers: { ...reply.headers, ...headers } };
}

/** The first half of the reply, as valid HTTP: only the JSON is broken. */
function truncated(reply: Reply): Reply {
  const whole = JSON.stringify(reply.body ?? {});
  const text = whole.slice(0, Math.max(1, Math.floor(whole.length / 2)));
  return { status: reply.status, text, headers: { "content-type": "application/json", ...reply.headers } };
}

function notServed({ path }: SimulatedRequest): Reply {
  return { status: 404, body: { message: `The simulator serves nothing at ${path}; see GET /_simulator.` } };
}
