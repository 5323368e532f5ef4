// Tasks as a test handles them: look, end, change, retry, forget, start behind somebody's back.
import type { Product } from "./products/product";
import type { ForeignTask, SimulatedTask } from "./simulator";
import type { Task } from "./task-engine";
import type { TaskPlan } from "./task-script";
import { InvalidInputError } from "./invalid-input-error";
import { checkForeignTask, checkPlan } from "./validation";
import type { World } from "./world";

/** @internal */
export class TaskRemote {
  readonly #world: World;
  readonly #products: readonly Product[];

  constructor(world: World, products: readonly Product[]) {
    this.#world = world;
    this.#products = products;
  }

  tasks(): SimulatedTask[] {
    return this.#world.engine.all().map((task) => this.#view(task));
  }

  task(id: string): SimulatedTask | undefined {
    const task = this.#world.engine.get(id);
    return task === undefined ? undefined : this.#view(task);
  }

  finish(id: string, outcome: "SUCCEEDED" | "FAILED" | "CANCELLED", change: TaskPlan | undefined): void {
    const task = this.#running(id);
    if (change !== undefined) this.change(id, change);
    this.#world.engine.end(task, outcome);
  }

  change(id: string, change: TaskPlan): void {
    checkPlan(change);
    this.#world.engine.change(this.#running(id), change);
  }

  retry(id: string, plan: TaskPlan | undefined): void {
    if (plan !== undefined) checkPlan(plan);
    const task = this.#known(id);
    const { status } = this.#world.engine.life(task);
    if (status !== "FAILED")
      throw new InvalidInputError(`Task ${id} is ${status}; only a failed one can be retried.`);
    this.#productOf(task.product).retry(task, plan);
  }

  forget(id: string): void {
    this.#world.engine.forget(this.#known(id).id);
  }

  startForeign(foreign: ForeignTask): string {
    checkForeignTask(foreign);
    const { product, method = "POST", body, user = "somebody.else@vsphere.local", plan = {} } = foreign;
    const [path = "", query = ""] = foreign.path.split("?", 2);
    const request = { method: method.toUpperCase(), path, query: new URLSearchParams(query), body, user };
    const task = this.#productOf(product).startForeign(request, plan);
    if (task === undefined)
      throw new InvalidInputError(`The ${product} server refuses ${method} ${foreign.path}.`);
    return task.id;
  }

  #productOf(name: string): Product {
    const product = this.#products.find((one) => one.name === name);
    if (product === undefined) throw new InvalidInputError(`There is no product ${name}.`);
    return product;
  }

  #known(id: string): Task {
    this.#world.engine.settle();
    const task = this.#world.engine.get(id);
    if (task === undefined) throw new InvalidInputError(`There is no task ${id}.`);
    return task;
  }

  #running(id: string): Task {
    const task = this.#known(id);
    const { status, endedAt } = this.#world.engine.life(task);
    if (endedAt !== undefined) throw new InvalidInputError(`Task ${id} has ended already: ${status}.`);
    return task;
  }

  #view(task: Task): SimulatedTask {
    const { id, product, method, path, user, foreign, createdAt, attempts } = task;
    const { status, runningSince, endedAt, done } = this.#world.engine.life(task);
    return {
      id,
      product,
      status,
      method,
      path,
      user,
      foreign,
      createdAt,
      ...(runningSince === undefined ? {} : { startedAt: runningSince }),
      ...(endedAt === undefined ? {} : { finishedAt: endedAt }),
      percent: Math.floor(done * 100),
      attempts,
      native: this.#productOf(product).render(task),
    };
  }
}
