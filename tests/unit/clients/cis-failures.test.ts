import { toSnapshot } from "../../../provider/clients/vapi/task-info";
import type { TaskSnapshot } from "../../../provider/tasks";

const text = (words: string) => ({ id: "i", default_message: words, args: [] });
const error = (...words: string[]) => ({ error_type: "ERROR", messages: words.map(text) });
const taskOf = (more: object): TaskSnapshot =>
  toSnapshot({ id: "a", kind: "task" }, { status: "FAILED", ...more });

describe("a failed task of vCenter", () => {
  test("tells the causes of its error and of its result, each once", () => {
    const task = taskOf({
      error: error("It failed.", "No room."),
      result: error("It failed.", "See esx-1."),
    });
    expect(task.causes.map(({ message }) => message)).toEqual(["It failed.", "No room.", "See esx-1."]);
  });

  test("is cancelled by the type of its error, whatever its result holds", () => {
    const cancelled = { error_type: "CANCELED", messages: [] };
    expect(taskOf({ error: cancelled, result: error("a") }).status).toBe("CANCELLED");
    expect(taskOf({ error: error("a"), result: cancelled }).status).toBe("FAILED");
  });

  test("tells what the result of an image that was applied notifies of, hosts by their name", () => {
    const notification = (words: string) => ({ message: text(words), resolution: text(`Mend: ${words}`) });
    const task = taskOf({
      error: error("It failed."),
      notifications: { warnings: [notification("Slow.")] },
      result: {
        commit: "4",
        notifications: {
          errors: [notification("No depot.")],
          warnings: [notification("Slow."), notification("Old.")],
        },
        host_status: {
          "host-1": { status: "OK" },
          "host-2": { status: "ERROR", notifications: { errors: [notification("No space.")] } },
        },
      },
    });
    expect(task.causes.slice(1)).toEqual([
      { path: [], message: "No depot.", remediation: "Mend: No depot." },
      { path: ["host-2"], message: "No space.", remediation: "Mend: No space." },
    ]);
    expect(task.warnings).toEqual(["Slow.", "Old."]);
  });

  test.each([[{ notifications: "a" }], [{ host_status: [4, null] }], [{ host_status: { h: 4 } }], [null]])(
    "is read with the odd result %j",
    (result) => {
      expect(taskOf({ error: error("It failed."), result }).causes).toHaveLength(1);
    },
  );
});
