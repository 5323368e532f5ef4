import { followUp, followUpProblems, type FollowUp } from "../operations";
import { check, type CheckResult } from "./check";
import { differs, endpointDiffers, pick, requestDiffers, urnOf, type Properties } from "./inputs";
import { configure, theContext } from "./provider-context";
import { speak } from "./speak";

const keptWithoutRequest = ["resourceUrn", "endpoint", "of", "kind", "site", "timeout", "secretValues"];
const kept = [...keptWithoutRequest, "request"];

/** Runs its request when it is destroyed, or replaced because the object was made anew. */
export const deleteTask = {
  configure,
  async check(_olds: Properties, news: Properties): Promise<CheckResult> {
    return check(news, followUpProblems);
  },
  async diff(_id: string, olds: Properties, news: Properties): Promise<object> {
    const isOther = differs(olds, news, "of");
    const isChanged =
      requestDiffers(olds, news) ||
      endpointDiffers(await theContext(), olds, news) ||
      ["kind", "site", "timeout"].some((name) => differs(olds, news, name));
    return { changes: isOther || isChanged, replaces: isOther ? ["of"] : [] };
  },
  async create(inputs: Properties): Promise<object> {
    const of = String(inputs.of);
    const memory = (await theContext()).memoryOf(String(inputs.endpoint));
    // `--target` has the engine make this anew with its old inputs, about an object that is gone: by then, the request may
    // name the object that has taken its place.
    if (memory.deletedObjects.has(of)) return { id: of, outs: pick(inputs, keptWithoutRequest) };
    memory.keptObjects.add(of);
    return { id: of, outs: pick(inputs, kept) };
  },
  update: (_id: string, _olds: Properties, news: Properties): Promise<object> =>
    Promise.resolve({ outs: pick(news, kept) }),
  read: (id: string, props: Properties): Promise<object> => Promise.resolve({ id, props }),
  delete: (_id: string, props: Properties): Promise<void> =>
    speak(async () => {
      const context = await theContext();
      const { deletedObjects, keptObjects } = context.memoryOf(String(props.endpoint));
      // Only the resource was replaced; the object that it would delete is wanted.
      if (props.request === undefined || keptObjects.has(String(props.of))) return;
      await followUp(context, {
        ...props,
        requestKind: "delete",
        resourceUrn: urnOf(props),
      } as unknown as FollowUp);
      deletedObjects.add(String(props.of));
    }, props),
};
