// The journal of a machine that has deployed a stack just now.
import { openJournal, type Journal } from "../../provider/operations";

/** Opens the journal of a folder, where an earlier process has kept records of a resource's stack. */
export function openUsedJournal(folder: string, resourceUrn: string): Journal {
  openJournal(folder).knowsStackOf(resourceUrn);
  return openJournal(folder);
}
