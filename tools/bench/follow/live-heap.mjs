// What is in use of V8's heap: less than a process holds, for memory is given back late.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export function liveHeapMegabytes() {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
