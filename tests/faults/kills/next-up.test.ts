import { describeKills } from "./matrix";
import { nextUp } from "./scenario";
import * as tables from "./tables";

jest.setTimeout(600_000);

describeKills("the up after a failure", nextUp, tables.laterAttempt);
