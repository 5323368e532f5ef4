import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder `tools/` of this clone. */
export const tools = dirname(dirname(fileURLToPath(import.meta.url)));

/** The root of this clone. */
export const root = join(tools, "..");
