/** One thing that happened, as a line of a trace tells it. */
export type TraceEvent =
  | {
      readonly what: "request";
      readonly endpoint: string;
      readonly method: string;
      /** With its query; values of password-like parameters are masked. */
      readonly path: string;
      readonly milliseconds: number;
      /** Absent when no reply came. */
      readonly status?: number | undefined;
      /** Why there was no reply. */
      readonly fault?: string | undefined;
      /** Of refusals, and of bodies that are not JSON. */
      readonly body?: unknown;
    }
  | {
      readonly what: "wrong reply";
      readonly endpoint: string;
      readonly request: string;
      readonly problem: string;
      readonly body: unknown;
    }
  | {
      readonly what: "status";
      readonly endpoint: string;
      readonly task: string;
      readonly status: string;
      readonly nativeStatus: string;
      readonly fraction?: number | undefined;
    }
  | {
      readonly what: "no look";
      readonly endpoint: string;
      readonly task: string;
      /** Why the task could not be seen. */
      readonly problem: string;
    };

/** Writes down what happens, for a report of an error; holds no secrets. */
export interface Trace {
  write(event: TraceEvent): void;
}
