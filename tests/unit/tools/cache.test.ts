import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { loadTool, runProgram } from "./tool";

interface Cache {
  cacheFolder: (env: NodeJS.ProcessEnv, os: string, home: string) => string;
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "cache-test-"))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (program: string): ReturnType<typeof runProgram> =>
  runProgram(program, { VMWARE_TASKS_CACHE_DIR: folder });

test.each([
  [{ VMWARE_TASKS_CACHE_DIR: "/here", XDG_CACHE_HOME: "/xdg" }, "linux", "/here"],
  [{ XDG_CACHE_HOME: "/xdg" }, "linux", "/xdg/pulumi-vmware-tasks"],
  [{}, "linux", "/home/ann/.cache/pulumi-vmware-tasks"],
  [{}, "darwin", "/home/ann/Library/Caches/pulumi-vmware-tasks"],
  [{ VMWARE_TASKS_CACHE_DIR: "" }, "linux", "/home/ann/.cache/pulumi-vmware-tasks"],
])("the cache folder with %j on %s is %s", async (env, os, expected) => {
  const { cacheFolder } = await loadTool<Cache>("setup/cache.mjs");
  expect(cacheFolder(env, os, "/home/ann")).toBe(expected);
});

test("a cache folder that cannot be made is told with the way out", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const { outcome } = runProgram(
    `import { withCacheLock } from "tools/setup/cache.mjs";
     try { withCacheLock("x", () => {}); } catch ({ name, message }) { console.log(name, message); }`,
    { VMWARE_TASKS_CACHE_DIR: join(file, "below") },
  );
  expect((await outcome).stdout).toContain("Set VMWARE_TASKS_CACHE_DIR to a folder that can be written.");
});

describe("an entry of the cache", () => {
  const make = `
    import { appendFileSync, writeFileSync } from "node:fs";
    import { setTimeout as sleep } from "node:timers/promises";
    import { cached, cacheFolder } from "tools/setup/cache.mjs";
    const entry = await cached("thing-1", async (into) => {
      appendFileSync(cacheFolder() + "/made", "x");
      await sleep(300);
      writeFileSync(into + "/content", "complete");
    }, () => {});
    console.log(entry);`;

  test("is made once, however many want it at the same time", async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => run(make).outcome));
    for (const { code, stdout } of outcomes) {
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(folder, "thing-1")}\n` });
    }
    expect(readFileSync(join(folder, "made"), "utf8")).toBe("x");
    expect(readdirSync(folder).sort()).toEqual(["made", "thing-1"]);
  });

  test("is not there when making it failed, and can be made again", async () => {
    const failing = `
      import { writeFileSync } from "node:fs";
      import { cached } from "tools/setup/cache.mjs";
      await cached("thing-1", async (into) => {
        writeFileSync(into + "/content", "half");
        throw new Error("no network");
      }, () => {});`;
    const { code, stderr } = await run(failing).outcome;
    expect(code).toBe(1);
    expect(stderr).toContain("no network");
    expect(readdirSync(folder)).toEqual([]);
    await run(make).outcome;
    expect(readFileSync(join(folder, "thing-1", "content"), "utf8")).toBe("complete");
  });

  const hanging = `
    import { writeFileSync } from "node:fs";
    import { cached } from "tools/setup/cache.mjs";
    setInterval(() => {}, 1000);
    await cached("thing-1", async (into) => {
      writeFileSync(into + "/content", "half");
      console.log("half way");
      await new Promise(() => {});
    }, () => {});`;

  test("leaves nothing behind when a signal ends its making", async () => {
    const interrupted = run(hanging);
    await interrupted.printed("half way");
    interrupted.kill("SIGTERM");
    expect((await interrupted.outcome).code).toBe(143);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is made again after its maker was killed", async () => {
    const killed = run(hanging);
    await killed.printed("half way");
    killed.kill("SIGKILL");
    await killed.outcome;
    expect(existsSync(join(folder, "thing-1"))).toBe(false);
    await run(make).outcome;
    expect(readFileSync(join(folder, "thing-1", "content"), "utf8")).toBe("complete");
    expect(readdirSync(folder).sort()).toEqual(["made", "thing-1"]);
  });
});

describe("a lock", () => {
  const take = `
    import { withLock } from "tools/setup/lock.mjs";
    await withLock(process.env.LOCK, async () => { console.log("taken"); }, (pid) => console.log("waiting for " + pid));`;

  const writeLock = (pids: number[], host: string): string => {
    const path = join(folder, "it.lock");
    mkdirSync(path);
    writeFileSync(join(path, "owner.json"), JSON.stringify({ key: "k", host, pids }));
    return path;
  };

  test("lets one in at a time", async () => {
    const increment = `
      import { readFileSync, writeFileSync } from "node:fs";
      import { setTimeout as sleep } from "node:timers/promises";
      import { withLock } from "tools/setup/lock.mjs";
      const counter = process.env.LOCK + "-counter";
      for (let i = 0; i < 3; i++) {
        await withLock(process.env.LOCK, async () => {
          const before = Number(readFileSync(counter, "utf8"));
          await sleep(20);
          writeFileSync(counter, String(before + 1));
        });
      }`;
    const path = join(folder, "it.lock");
    writeFileSync(`${path}-counter`, "0");
    const runs = [1, 2, 3].map(() => runProgram(increment, { LOCK: path }).outcome);
    for (const { code, stderr } of await Promise.all(runs)) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    }
    expect(readFileSync(`${path}-counter`, "utf8")).toBe("9");
    expect(readdirSync(folder)).toEqual(["it.lock-counter"]);
  });

  test("of a process that is gone is taken over", async () => {
    const gone = runProgram("console.log(process.pid)");
    const pid = Number((await gone.outcome).stdout);
    const path = writeLock([pid], hostname());
    const { stdout } = await runProgram(take, { LOCK: path }).outcome;
    expect(stdout).toBe("taken\n");
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ["that lives", hostname(), (): number[] => [process.pid]],
    ["whose child still works", hostname(), (): number[] => [2 ** 22 + 1, process.pid]],
    ["on another machine", "elsewhere", (): number[] => [1]],
  ])("of a process %s is waited for", async (_, host, pids) => {
    const path = writeLock(pids(), host);
    const waiting = runProgram(take, { LOCK: path });
    await waiting.printed("waiting for");
    rmSync(path, { recursive: true });
    expect((await waiting.outcome).stdout).toMatch(/^waiting for \d+\ntaken\n$/);
  });
});
