// What a process remembers of the tasks of each server.
import { createContext, openJournal, readConfiguration, type Context } from "../../../provider/operations";
import { systemClock } from "../../../provider/tasks";
import { createFakeDeployment } from "../../support/operation-bed";

const vc = { product: "vcenter", url: "https://a.example.com", username: "deploy", password: "secret" };

function contextOf(endpoints: Record<string, unknown>): Context {
  return createContext({
    configuration: readConfiguration({ endpoints: JSON.stringify(endpoints), environment: {} }),
    journal: openJournal("never-used"),
    clock: systemClock,
    deployment: createFakeDeployment(),
    skipsCheckpoints: false,
  });
}

test("is kept apart by server, and is one under all names of a server, also of one that cannot be used", () => {
  const context = contextOf({
    a: { ...vc, formerNames: ["old"] },
    sameAsA: vc,
    b: { ...vc, url: "https://b.example.com" },
    odd: null,
  });
  context.memoryOf("a").keptObjects.add("task-1");
  context.memoryOf("gone").completed.add("task-1");
  const known = ["a", "old", "sameAsA", "b", "odd"].map((name) =>
    context.memoryOf(name).keptObjects.has("task-1"),
  );
  expect(known).toEqual([true, true, true, false, false]);
  expect(["gone", "a"].map((name) => context.memoryOf(name).completed.has("task-1"))).toEqual([true, false]);
});
