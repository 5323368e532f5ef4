import { describeKills } from "./matrix";
import { nextUp } from "./scenario";

jest.setTimeout(120_000);

// On another machine nobody knows of an attempt that the engine has not saved: there the server's own rule stands in the way.
describeKills("the up after a failure", nextUp, {
  //                     up, same machine; destroy, same machine; up, another machine; destroy, another machine
  "before the request leaves": ["1 well", "0 well", "1 well", "0 well"],
  "after it left, before the reply": ["1 well", "1 well", "1 exists already", "1 well"],
  "after the reply, before the journal": ["1 well", "1 well", "1 exists already", "1 well"],
  "after the journal, before the engine saved": ["1 well", "1 well", "1 exists already", "1 well"],
  "during the wait": ["1 well", "1 well", "1 exists already", "1 well"],
  "at success, before the engine saved": ["1 well", "1 well", "1 exists already", "1 well"],
});
