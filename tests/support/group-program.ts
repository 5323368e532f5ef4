// A program whose one operation makes a group of a unique name; its change and its deletion are tasks, too.
import type { Simulator } from "../../provider/simulator";

const path = "/api/things/domain-c8/groups";

/** What the simulator needs for {@link groupProgram}. */
export const groupCollection = {
  path: "/api/things/{cluster}/groups",
  nameField: "name",
  idPrefix: "group-",
};

/** What of the program a test changes. */
export interface GroupOptions {
  readonly size?: number;
  readonly triggers?: string;
  /** More arguments of the operation, as text. */
  readonly more?: string;
  /** The options of its resource, as text. */
  readonly options?: string;
}

/** The program; `group` is the operation's name. */
export function groupProgram({
  size = 1,
  triggers = "a",
  more = "",
  options = "{}",
}: GroupOptions = {}): string {
  return `
  const spec = { name: "gold", size: ${size} };
  const path = (done) => "${path}/" + done.result;
  const op = new vmware.Operation("group", {
    endpoint: "vcenter",
    request: { method: "POST", path: "${path}", body: spec },
    update: (done) => ({ method: "PATCH", path: path(done), body: spec }),
    delete: (done) => ({ method: "DELETE", path: path(done) }),
    triggers: [${JSON.stringify(triggers)}],
    ${more}
  }, ${options});
  return { status: op.status, attempts: op.attempts };`;
}

/** The methods of all operations that the servers accepted, in their order. */
export const startsOf = (simulator: Simulator): string[] => simulator.starts.map(({ method }) => method);

/** The groups that are there. */
export const groupsOf = (simulator: Simulator): readonly unknown[] => simulator.objects(path);
