// Puts a simulator together and starts it.
import { toKeyPair } from "./certificate";
import { Collections, type SimulatedObject } from "./collections";
import { answerControl, isControlPath } from "./control";
import { Dispatcher, type Delivery, type Wire } from "./dispatcher";
import type { RequestKind, SimulatedRequest } from "./exchange";
import { FaultBook, type Fault } from "./faults";
import { Identifiers } from "./identifiers";
import type { Product } from "./products/product";
import { domains, SddcManager } from "./products/sddc-manager/sddc-manager";
import { hosts } from "./products/sddc-manager/hosts";
import { vappReplications, vmReplications } from "./products/vcda/replications";
import { Vcda } from "./products/vcda/vcda";
import { protectionGroups, snapshots } from "./products/snapservice/protection-groups";
import { Snapservice } from "./products/snapservice/snapservice";
import { Vcenter } from "./products/vcenter/vcenter";
import { virtualMachines } from "./products/vcenter/virtual-machines";
import { Recorder, type RecordedRequest, type StartedOperation } from "./recorder";
import { ScriptBook } from "./script-book";
import { startServer, type RunningServer } from "./server";
import type { ForeignTask, RestartOptions, SimulatedTask, Simulator } from "./simulator";
import { toSettings, type SimulatorOptions } from "./simulator-options";
import { TaskEngine } from "./task-engine";
import { TaskRemote } from "./task-remote";
import type { TaskPlan, TaskScript } from "./task-script";
import { checkFault, checkRestart, checkScript } from "./validation";
import type { World } from "./world";

/**
 * Starts a simulator of vCenter (`/api`, `/rest`), Snapservice (`/api/snapservice`), SDDC Manager (`/v1`) and Cloud
 * Director Availability (`/tasks`, `/sessions`, `/vapp-replications`, …) on 127.0.0.1.
 *
 * @example
 * ```ts
 * const simulator = await startSimulator();
 * try {
 *   simulator.script({ match: { path: "/v1/hosts" }, outcome: "FAILED", times: 1 });
 *   simulator.fault({ what: "reset-after", match: { operation: "start" } });
 *   // … point a client at simulator.url …
 * } finally {
 *   await simulator.close();
 * }
 * ```
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = new EmbeddedSimulator(options);
  await simulator.listen();
  return simulator;
}

class EmbeddedSimulator implements Simulator {
  readonly username: string;
  readonly password: string;
  certificate?: string;
  readonly #options: SimulatorOptions;
  readonly #world: World;
  readonly #products: readonly Product[];
  readonly #vcda: Vcda;
  readonly #faults = new FaultBook();
  readonly #dispatcher: Dispatcher;
  readonly #remote: TaskRemote;
  #server: RunningServer | undefined;
  #downUntil = -Infinity;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#world = createWorld(options);
    this.username = this.#world.settings.username;
    this.password = this.#world.settings.password;
    this.#vcda = new Vcda(this.#world);
    this.#products = [
      new Vcenter(this.#world),
      new Snapservice(this.#world),
      new SddcManager(this.#world),
      this.#vcda,
    ];
    this.#remote = new TaskRemote(this.#world, this.#products);
    this.#dispatcher = new Dispatcher(this.#world, this.#products, this.#faults, (fault) => {
      this.restart({
        ...(fault.forgetTasks === true ? { forgetTasks: true } : {}),
        downMs: fault.downMs ?? 0,
      });
    });
    this.#addOwnScripts();
  }

  async listen(): Promise<void> {
    const { port = 0, https } = this.#options;
    const tls = await toKeyPair(https);
    if (tls !== undefined) this.certificate = tls.cert;
    const { pathPrefix, clock } = this.#world.settings;
    this.#server = await startServer({
      port,
      ...(tls === undefined ? {} : { tls }),
      pathPrefix,
      now: () => clock.now(),
      answer: (request, wire) => this.#answer(request, wire),
    });
  }

  get url(): string {
    return this.#server?.url ?? "";
  }

  get requests(): readonly RecordedRequest[] {
    return this.#world.recorder.requests;
  }

  get starts(): readonly StartedOperation[] {
    return this.#world.recorder.starts;
  }

  counts(): Record<RequestKind, number> {
    return this.#world.recorder.counts();
  }

  script(script: TaskScript): void {
    checkScript(script);
    this.#world.scripts.add(script);
  }

  fault(fault: Fault): void {
    checkFault(fault);
    this.#faults.add(fault);
  }

  tasks(): SimulatedTask[] {
    return this.#remote.tasks();
  }

  task(id: string): SimulatedTask | undefined {
    return this.#remote.task(id);
  }

  finish(id: string, outcome: "SUCCEEDED" | "FAILED" | "CANCELLED" = "SUCCEEDED", change?: TaskPlan): void {
    this.#remote.finish(id, outcome, change);
  }

  change(id: string, change: TaskPlan): void {
    this.#remote.change(id, change);
  }

  retry(id: string, plan?: TaskPlan): void {
    this.#remote.retry(id, plan);
  }

  forget(id: string): void {
    this.#remote.forget(id);
  }

  startForeignTask(task: ForeignTask): string {
    return this.#remote.startForeign(task);
  }

  objects(path: string): readonly SimulatedObject[] {
    this.#world.engine.settle();
    return this.#world.collections.objects(path);
  }

  addObject(path: string, body: Record<string, unknown>, id?: string): string {
    this.#world.engine.settle();
    return this.#world.collections.add(path, body, this.#world.settings.clock.now(), id);
  }

  removeObject(path: string, id: string): void {
    this.#world.engine.settle();
    this.#world.collections.remove(path, id);
  }

  expireSessions(): void {
    for (const product of this.#products) product.expireSessions();
  }

  expireRemoteSessions(): void {
    this.#vcda.expireRemoteSessions();
  }

  restart(options: RestartOptions = {}): void {
    checkRestart(options);
    const { forgetTasks = false, downMs = 0 } = options;
    const { engine, settings } = this.#world;
    engine.settle();
    if (forgetTasks) engine.forgetAll();
    for (const product of this.#products) product.reset();
    this.#downUntil = settings.clock.now() + downMs;
    this.#server?.cutConnections();
  }

  reset(): void {
    const { engine, collections, recorder, scripts } = this.#world;
    engine.clear();
    collections.clear();
    recorder.clear();
    scripts.clear();
    this.#faults.clear();
    for (const product of this.#products) product.reset();
    this.#downUntil = -Infinity;
    this.#addOwnScripts();
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async #answer(request: SimulatedRequest, wire: Wire): Promise<Delivery> {
    if (isControlPath(request.path)) {
      return { reply: answerControl(this, this.#served(), request), cut: "nowhere" };
    }
    if (this.#world.settings.clock.now() < this.#downUntil) return { reply: { status: 0 }, cut: "before" };
    return this.#dispatcher.dispatch(request, wire);
  }

  #served(): Record<string, unknown> {
    const products = this.#products.map(({ name, routes }) => [name, routes]);
    return { ...Object.fromEntries(products), collections: this.#world.collections.paths() } as Record<
      string,
      unknown
    >;
  }

  #addOwnScripts(): void {
    for (const script of this.#options.scripts ?? []) this.script(script);
  }
}

function createWorld(options: SimulatorOptions): World {
  const settings = toSettings(options);
  const identifiers = new Identifiers(options.uuid);
  return {
    settings,
    identifiers,
    engine: new TaskEngine(settings.clock, settings.defaultDurationMs, settings.retentionMs),
    scripts: new ScriptBook(),
    recorder: new Recorder(),
    collections: new Collections(identifiers, [
      virtualMachines,
      // Before the groups, below whose paths they are.
      snapshots,
      protectionGroups,
      hosts,
      domains,
      vmReplications,
      vappReplications,
      ...(options.collections ?? []),
    ]),
  };
}
