// What a process costs the machine from now on: processor time, memory, delay of its event loop.
import { monitorEventLoopDelay } from "node:perf_hooks";

const sampleMs = 200;
const resolution = 20;

function residentMegabytes() {
  return process.memoryUsage.rss() / 2 ** 20;
}

/** @returns a function that ends the measurement and tells what it has found */
export function startMeter() {
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  const before = process.cpuUsage();
  let most = residentMegabytes();
  const sampling = setInterval(() => (most = Math.max(most, residentMegabytes())), sampleMs);
  // It measures the time between two ticks of a timer.
  const delayMs = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution);
  return () => {
    const { user, system } = process.cpuUsage(before);
    clearInterval(sampling);
    delay.disable();
    return {
      cpuSeconds: (user + system) / 1e6,
      mostMegabytes: Math.max(most, residentMegabytes()),
      lastMegabytes: residentMegabytes(),
      delayP99Ms: delayMs(delay.percentile(99)),
      mostDelayMs: delayMs(delay.max),
    };
  };
}
