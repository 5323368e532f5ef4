import { readFileSync } from "node:fs";

const ticksPerSecond = 100;

/** Memory and processor time of a process, as Linux tells them; nothing elsewhere. */
export function usageOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return {
      megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024,
      mostMegabytes: Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024,
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
    };
  } catch {
    return undefined;
  }
}
