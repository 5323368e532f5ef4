import * as z from "../../zod";
import {
  canBeSince,
  stampToleranceMs,
  type ApiRequest,
  type Look,
  type StartTrace,
  type TaskSnapshot,
} from "../../tasks";
import { lookOf } from "../look-alone";
import type { EndpointSettings } from "../http/endpoint-settings";
import { unexpected } from "../http/refusal";
import { startedAmong } from "../started-among";
import { toVimSnapshot } from "./vim-task-info";

const tasksAtOnce = 100;
// 2000 tasks: of the minutes since a start, more than a vCenter runs.
const mostPages = 20;

const collectorReply = z.looseObject({ type: z.literal("TaskHistoryCollector"), value: z.string().min(1) });
const page = z.array(z.looseObject({ task: z.looseObject({ value: z.string().min(1) }) }));

/** Who else but a user starts tasks. */
const otherReasons = ["TaskReasonAlarm", "TaskReasonSchedule", "TaskReasonSystem"];

/** The object and the method in the path of a start: `/sdk/vim25/{release}/{type}/{moId}/{method}`. */
function calledBy(path: string): { type: string; moId: string; method: string } {
  const [type = "", moId = "", method = ""] = (path.split("?")[0] ?? "").split("/").filter(Boolean).slice(3);
  return { type, moId: decodeURIComponent(moId), method };
}

/**
 * Whether a task can be the one that a request started: the same method on the same object, started by a user, not
 * older. Not every task names its method, and some name another object than the one that was called, of another type.
 */
function canBeStartedBy(
  { request, sentAt }: StartTrace,
  { native, startedAt, resources }: TaskSnapshot,
): boolean {
  const { type, moId, method } = calledBy(request.path);
  const { name, reason } = native as { name?: unknown; reason?: { _typeName?: unknown } | null };
  if (typeof name === "string" && name.endsWith("_Task") && name !== method) return false;
  if (typeof reason?._typeName === "string" && otherReasons.includes(reason._typeName)) return false;
  const entity = resources[0];
  if (entity !== undefined && entity.type === type && entity.id !== moId) return false;
  return canBeSince(startedAt, sentAt);
}

/**
 * Searches vCenter's task history (`TaskManager.CreateCollectorForTasks`) for what a request may have started;
 * `undefined` when there are more tasks than are read.
 */
export async function findInHistory(
  settings: EndpointSettings,
  root: string,
  ask: (request: ApiRequest) => Promise<unknown>,
  trace: StartTrace,
): Promise<TaskSnapshot[] | undefined> {
  const post = (path: string, body?: unknown): ApiRequest => ({
    method: "POST",
    path: `${root}/${path}`,
    body,
  });
  const beginTime = new Date(trace.sentAt - stampToleranceMs).toISOString();
  const create = post("TaskManager/TaskManager/CreateCollectorForTasks", {
    filter: {
      _typeName: "TaskFilterSpec",
      time: { _typeName: "TaskFilterSpecByTime", timeType: "queuedTime", beginTime },
    },
  });
  const reply = await ask(create);
  const collector = collectorReply.safeParse(reply);
  if (!collector.success) throw unexpected(settings, create, "no reference of a TaskHistoryCollector", reply);
  const id = encodeURIComponent(collector.data.value);
  try {
    const looks: Look[] = [];
    for (let pagesLeft = mostPages; pagesLeft > 0; pagesLeft -= 1) {
      const request = post(`TaskHistoryCollector/${id}/ReadNextTasks`, { maxCount: tasksAtOnce });
      const body = await ask(request);
      // An empty list may be left out.
      const tasks = page.safeParse(body ?? []);
      if (!tasks.success) throw unexpected(settings, request, "no list of tasks", body);
      // It begins with the oldest, and only an empty page is the last.
      if (tasks.data.length === 0) return startedAmong(looks, (task) => canBeStartedBy(trace, task));
      looks.push(
        ...tasks.data.map((info) =>
          lookOf(() => toVimSnapshot({ id: info.task.value, kind: trace.kind }, info)),
        ),
      );
    }
    return undefined;
  } finally {
    // A session has few of them; what is left ends with it.
    await ask(post(`HistoryCollector/${id}/DestroyCollector`)).catch(() => undefined);
  }
}
