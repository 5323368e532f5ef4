import { describeKills, fewWays, type Table } from "./matrix";
import { newDomain, newProtectionGroup, newReplication, nextUpOfTask, retryOfTask } from "./scenario";
import * as tables from "./tables";

jest.setTimeout(600_000);

describeKills("SDDC Manager: up with a new operation", newDomain, tables.newOperation, fewWays);
describeKills("Snapservice: up with a new operation", newProtectionGroup, tables.newOperation, fewWays);

// A replication has no unique name: nothing at the server tells a second one from a first that nobody remembers.
const noNames: Table = {
  ...tables.newOperation,
  "after it left, before the reply": ["1 well", "1 well", "2 well", "1 well"],
  "after the reply, before the journal": ["1 well", "1 well", "2 well", "1 well"],
  "after the journal, before the engine saved": ["1 well", "1 well", "2 well", "1 well"],
};
describeKills("VCDA: up with a new operation", newReplication, noNames, fewWays);

// The task keeps its id, which is in the journal before the request leaves: two of the points are none. Whether the task goes
// on, the server itself knows, also on another machine.
const continued: Table = {
  "before the request leaves": ["1 well", "0 well", "1 well", "0 well"],
  "after it left, before the reply": ["1 well", "1 well", "1 well", "1 well"],
  "during the wait": ["1 well", "1 well", "1 well", "1 well"],
  "at success, before the engine saved": ["1 well", "1 well", "1 well", "1 well"],
};
describeKills(
  "SDDC Manager: a failed task is retried inside one deployment",
  retryOfTask,
  continued,
  fewWays,
);
describeKills("SDDC Manager: a failed task is retried by the next up", nextUpOfTask, continued, fewWays);
