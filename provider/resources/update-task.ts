import {
  followUp,
  followUpProblems,
  forgetUpdate,
  isUpdateOpen,
  type FollowUp,
  type SavedUpdate,
} from "../operations";
import { check, type CheckResult } from "./check";
import { differs, pick, requestDiffers, urnOf, type Properties } from "./inputs";
import { configure, theContext } from "./provider-context";
import { speak } from "./speak";

const kept = ["resourceUrn", "endpoint", "request", "of", "kind", "site", "secretValues"];

/** Whether an earlier deployment has sent an update of the same object that never ended well, also one that is unwanted now. */
async function isOpen(olds: Properties, resourceUrn: string): Promise<boolean> {
  return isUpdateOpen(await theContext(), resourceUrn, olds as unknown as SavedUpdate);
}

/** Runs its request when it changes; a request that first appears only where the object was made with another one. */
export const updateTask = {
  configure,
  async check(_olds: Properties, news: Properties): Promise<CheckResult> {
    return check(news, followUpProblems);
  },
  async diff(_id: string, olds: Properties, news: Properties): Promise<object> {
    const isOther = differs(olds, news, "of");
    // Without a request there is nothing to run: the task that it would be about has not succeeded.
    const isChanged =
      news.request !== undefined && (requestDiffers(olds, news) || (await isOpen(olds, urnOf(news))));
    return { changes: isOther || isChanged, replaces: isOther ? ["of"] : [] };
  },
  create: (inputs: Properties): Promise<object> =>
    speak(async () => {
      const outs = { ...pick(inputs, kept), taskId: null };
      const nothing = pick(inputs, ["of"]);
      const isWanted = inputs.runNow === true || (await isOpen(nothing, urnOf(inputs)));
      if (!isWanted || inputs.request === undefined) return { id: String(inputs.of), outs };
      const given = { ...inputs, requestKind: "update", resourceUrn: urnOf(inputs) } as unknown as FollowUp;
      const { taskId } = await followUp(await theContext(), given, nothing as unknown as SavedUpdate);
      return { id: String(inputs.of), outs: { ...outs, taskId: taskId ?? null } };
    }, inputs),
  update: (_id: string, olds: Properties, news: Properties): Promise<object> =>
    speak(async () => {
      const outs = { ...pick(news, kept), taskId: olds.taskId ?? null };
      // A request that first appears is stored, unless the object was made with another one.
      const isChange = olds.request === undefined ? news.runNow === true : requestDiffers(olds, news);
      if (news.request === undefined || !(isChange || (await isOpen(olds, urnOf(news))))) return { outs };
      const given = { ...news, requestKind: "update", resourceUrn: urnOf(news) } as unknown as FollowUp;
      const { taskId } = await followUp(await theContext(), given, olds as unknown as SavedUpdate);
      return { outs: { ...outs, taskId: taskId ?? null } };
    }, news),
  read: (id: string, props: Properties): Promise<object> => Promise.resolve({ id, props }),
  // The object itself is not this resource's; what is known of its updates goes with it.
  delete: (_id: string, props: Properties): Promise<void> =>
    speak(async () => forgetUpdate(await theContext(), urnOf(props), String(props.of)), props),
};
