import { describeKills, fewWays, type Table } from "./matrix";
import { newDomain, newProtectionGroup, newReplication, nextUpOfTask, retryOfTask } from "./scenario";

jest.setTimeout(120_000);

const uniqueNames: Table = {
  //                     up, same machine; destroy, same machine; up, another machine; destroy, another machine
  "before the request leaves": ["1 well", "0 well", "1 well", "0 well"],
  "after it left, before the reply": ["1 well", "1 well", "1 exists already", "1 well"],
  "after the reply, before the journal": ["1 well", "1 well", "1 exists already", "1 well"],
  "after the journal, before the engine saved": ["1 well", "1 well", "1 exists already", "1 well"],
  "during the wait": ["1 well", "1 well", "1 well", "1 well"],
  "at success, before the engine saved": ["1 well", "1 well", "1 well", "1 well"],
};
describeKills("SDDC Manager: up with a new operation", newDomain, uniqueNames, fewWays);
describeKills("Snapservice: up with a new operation", newProtectionGroup, uniqueNames, fewWays);

// A replication has no unique name: nothing at the server tells a second one from a first that nobody remembers.
const noNames: Table = {
  ...uniqueNames,
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
