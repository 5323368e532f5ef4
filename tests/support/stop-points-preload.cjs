// Loaded into the provider process by NODE_OPTIONS: holds it at a named point until the test lets go, see stop-points.ts.
// Nothing of the package is touched. It sees renames of journal records and answers to the engine, from the outside.
"use strict";

const fs = require("node:fs");
const Module = require("node:module");
const { basename, join } = require("node:path");

const folder = process.env.VMWARE_TASKS_TEST_STOP_POINTS;
const tickMs = 5;
// A test that has died lets nobody hang.
const longestHoldMs = 120_000;

/** Holds the whole process, as a scheduler may at any instruction: no signal, no reply, no timer gets through. */
function hold() {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (let held = 0; held < longestHoldMs; held += tickMs) {
    if (!fs.existsSync(join(folder, "held"))) return;
    Atomics.wait(cell, 0, 0, tickMs);
  }
}

function matches(wanted, event) {
  return Object.entries(wanted).every(([field, value]) => event[field] === value);
}

/** Stops here when the test waits for this event; an armed point stops once. */
function pass(event) {
  const armed = join(folder, "armed");
  let text;
  try {
    text = fs.readFileSync(armed, "utf8");
  } catch {
    return;
  }
  if (!matches(JSON.parse(text), event)) return;
  const note = join(folder, `note-${process.pid}`);
  fs.writeFileSync(note, JSON.stringify({ pid: process.pid, event }));
  fs.rmSync(armed);
  renameSync(note, join(folder, "held"));
  hold();
}

const { renameSync } = fs;

function recordIn(path) {
  try {
    return JSON.parse(fs.readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function watchJournal() {
  fs.renameSync = (from, to) => {
    const kind = /^[0-9a-f]{32}\.(\w+)\.json$/.exec(basename(String(to)))?.[1];
    const record = kind === undefined ? undefined : recordIn(from);
    if (record === undefined) return renameSync(from, to);
    const resource = record.resourceUrn.split("::").at(-1);
    const event = { kind, hasTaskId: record.taskId !== undefined, resource };
    pass({ at: "before-record", ...event });
    renameSync(from, to);
    pass({ at: "after-record", ...event });
  };
}

function watchAnswers(Server) {
  const { addService } = Server.prototype;
  Server.prototype.addService = function (service, implementation) {
    const watched = Object.create(implementation);
    for (const method of ["create", "update", "delete"]) {
      watched[method] = (call, callback) =>
        implementation[method].call(watched, call, (error, ...rest) => {
          const [, , type = "", resource] = call.request.getUrn().split("::");
          const isWell = error === null || error === undefined;
          pass({ at: "before-answer", method, type: type.split(":").at(-1), resource, isWell });
          callback(error, ...rest);
        });
    }
    return addService.call(this, service, watched);
  };
}

function main() {
  watchJournal();
  const load = Module._load;
  Module._load = function (request, ...rest) {
    const loaded = load.call(this, request, ...rest);
    if (request === "@grpc/grpc-js") {
      Module._load = load;
      watchAnswers(loaded.Server);
    }
    return loaded;
  };
}

// The CLI hands its environment to the program's process, too.
if (folder !== undefined && /[/\\]cmd[/\\]dynamic-provider/.test(process.argv[1] ?? "")) main();
