import { describeKills } from "./matrix";
import { updateRequest } from "./scenario";
import * as tables from "./tables";

jest.setTimeout(600_000);

describeKills("an update request", updateRequest, tables.update);
