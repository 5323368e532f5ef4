// How often the server takes the request in all, and how the deployment after the kill ends. docs/reliability.md shows these tables.
import type { Table } from "./matrix";

// On another machine nobody knows of a start that the engine has not saved: there the server's own rule stands in the way.
export const newOperation: Table = {
  //                     up, same machine; destroy, same machine; up, another machine; destroy, another machine
  "before the request leaves": ["1 well", "0 well", "1 well", "0 well"],
  "after it left, before the reply": ["1 well", "1 well", "1 exists already", "1 well"],
  "after the reply, before the journal": ["1 well", "1 well", "1 exists already", "1 well"],
  "after the journal, before the engine saved": ["1 well", "1 well", "1 exists already", "1 well"],
  "during the wait": ["1 well", "1 well", "1 well", "1 well"],
  "at success, before the engine saved": ["1 well", "1 well", "1 well", "1 well"],
};

// On another machine nobody knows of an attempt that the engine has not saved: there the server's own rule stands in the way, unless
// the attempt still runs and is followed as one of somebody else's.
export const laterAttempt: Table = {
  //                     up, same machine; destroy, same machine; up, another machine; destroy, another machine
  "before the request leaves": ["1 well", "0 well", "1 well", "0 well"],
  "after it left, before the reply": ["1 well", "1 well", "1 exists already", "1 well"],
  "after the reply, before the journal": ["1 well", "1 well", "1 exists already", "1 well"],
  "after the journal, before the engine saved": ["1 well", "1 well", "1 exists already", "1 well"],
  "during the wait": ["1 well", "1 well", "1 well or 1 exists already", "1 well"],
  "at success, before the engine saved": ["1 well", "1 well", "1 exists already", "1 well"],
};

// On another machine nobody knows of an update that the engine has not saved: it is the same one, and is made once more.
export const update: Table = {
  //                     up, same machine; destroy, same machine; up, another machine; destroy, another machine
  "before the request leaves": ["1 well", "0 well", "1 well", "0 well"],
  "after it left, before the reply": ["1 well", "1 well", "2 well", "1 well"],
  "after the reply, before the journal": ["1 well", "1 well", "2 well", "1 well"],
  "after the journal, before the engine saved": ["1 well", "1 well", "2 well", "1 well"],
  "during the wait": ["1 well", "1 well", "2 well", "1 well"],
  "at success, before the engine saved": ["1 well", "1 well", "2 well", "1 well"],
};

// An `up` after a deletion that was broken off starts nothing. On another machine a second one is sent: a server refuses it when the
// object is gone, which counts as deleted; while the first one runs it may take it, and that does no harm.
export const deletion: Table = {
  //                     up, same machine; destroy, same machine; up, another machine; destroy, another machine
  "before the request leaves": ["0 well", "1 well", "0 well", "1 well"],
  "after it left, before the reply": ["1 well", "1 well", "1 well", "1 well"],
  "after the reply, before the journal": ["1 well", "1 well", "1 well", "1 well"],
  "after the journal, before the engine saved": ["1 well", "1 well", "1 well", "1 well"],
  "during the wait": ["1 well", "1 well", "1 well", "2 well"],
  "at success, before the engine saved": ["1 well", "1 well", "1 well", "1 well"],
};
