// Remembers what was asked, without headers and bodies: those hold passwords.
import { requestKinds, type ProductName, type RequestKind, type SimulatedRequest } from "./exchange";

/** One request as the simulator saw it. */
export interface RecordedRequest {
  /** When it arrived, by the simulator's clock. */
  readonly at: number;
  readonly product: ProductName | undefined;
  readonly method: string;
  readonly path: string;
  /** A parameter that is given several times is a list. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly operation: RequestKind;
  /** The task it asked about or started. */
  readonly taskId?: string;
  /** Absent while it is being answered, and for good when the connection was cut instead. */
  readonly status?: number;
}

/** One operation that the simulator accepted. */
export interface StartedOperation {
  /** Absent when the operation was done at once, without a task. */
  readonly taskId?: string;
  readonly product: ProductName;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** The parsed body, secrets and all. */
  readonly body: unknown;
  readonly at: number;
}

/** @internal */
export type OpenRecord = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] };

/** @internal */
export class Recorder {
  readonly requests: OpenRecord[] = [];
  readonly starts: StartedOperation[] = [];

  counts(): Record<RequestKind, number> {
    const counts = Object.fromEntries(requestKinds.map((kind) => [kind, 0])) as Record<RequestKind, number>;
    for (const { operation } of this.requests) counts[operation] += 1;
    return counts;
  }

  clear(): void {
    this.requests.length = 0;
    this.starts.length = 0;
  }
}

export function queryRecord({ query }: Pick<SimulatedRequest, "query">): RecordedRequest["query"] {
  const record: Record<string, string | readonly string[]> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    record[name] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return record;
}
