import { describeKills, fewWays } from "./matrix";
import { newOperation, replacement } from "./scenario";
import * as tables from "./tables";

jest.setTimeout(600_000);

describeKills("up with a new operation", newOperation, tables.newOperation);
describeKills("a new start after its object was deleted", replacement, tables.newOperation, fewWays);
