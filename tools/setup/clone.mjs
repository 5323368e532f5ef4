// Things that belong to this clone but are kept outside it.
import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { withCacheLock } from "./cache.mjs";
import { root } from "./folders.mjs";

/** A short name for this clone, by its place. */
export const cloneKey = createHash("sha256").update(realpathSync(root)).digest("hex").slice(0, 12);

/** Only one run at a time may install into this clone or build it. */
export function withCloneLock(work, note) {
  return withCacheLock(`clone-${cloneKey}`, work, note);
}
