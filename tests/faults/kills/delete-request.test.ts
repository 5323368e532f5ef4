import { describeKills } from "./matrix";
import { deleteRequest } from "./scenario";

jest.setTimeout(120_000);

// An `up` after a deletion that was broken off starts nothing. On another machine a second one is sent: a server refuses it when
// the object is gone, which counts as deleted; while the first one runs it may take it, and that does no harm.
describeKills("a delete request", deleteRequest, {
  //                     up, same machine; destroy, same machine; up, another machine; destroy, another machine
  "before the request leaves": ["0 well", "1 well", "0 well", "1 well"],
  "after it left, before the reply": ["1 well", "1 well", "1 well", "1 well"],
  "after the reply, before the journal": ["1 well", "1 well", "1 well", "1 well"],
  "after the journal, before the engine saved": ["1 well", "1 well", "1 well", "1 well"],
  "during the wait": ["1 well", "1 well", "1 well", "2 well"],
  "at success, before the engine saved": ["1 well", "1 well", "1 well", "1 well"],
});
