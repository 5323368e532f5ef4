// Loaded into a program that is not ours to change: tells its live heap when it gets a signal.
import { liveHeapMegabytes } from "./live-heap.mjs";

process.on("SIGUSR2", () => console.log(liveHeapMegabytes()));
