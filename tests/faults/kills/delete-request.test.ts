import { describeKills } from "./matrix";
import { deleteRequest } from "./scenario";
import * as tables from "./tables";

jest.setTimeout(600_000);

describeKills("a delete request", deleteRequest, tables.deletion);
