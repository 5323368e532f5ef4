import { describeKills } from "./matrix";
import { retryByStart } from "./scenario";
import * as tables from "./tables";

jest.setTimeout(600_000);

describeKills("a retry inside one deployment", retryByStart, tables.laterAttempt);
