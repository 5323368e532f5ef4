import { execFileSync } from "node:child_process";

import { runCommand } from "../../../provider/simulator/command";
import { basic, sender } from "./with-simulator";

interface Run {
  readonly code: number;
  readonly printed: string;
  readonly complaints: string;
}

/** Runs the command; `during` is called with what it printed, then the command is stopped. */
async function run(
  args: string[],
  during: (printed: string) => Promise<void> = () => Promise.resolve(),
): Promise<Run> {
  let printed = "";
  let complaints = "";
  const code = await runCommand({
    args,
    print: (text) => (printed += text),
    complain: (text) => (complaints += text),
    stopped: () => during(printed),
  });
  return { code, printed, complaints };
}

test("serves until it is stopped, and prints what to paste", async () => {
  const { code } = await run(
    ["simulate", "--port", "0", "--password", "pw", "--duration", "500ms"],
    async (printed) => {
      const [, url = ""] = /listens on (\S+) /.exec(printed) ?? [];
      const answer = await sender(url)("POST", "/api/session", undefined, basic("pw"));
      expect(answer.status).toBe(201);
      const [, json = ""] = /VMWARE_TASKS_ENDPOINTS='(.*)'/.exec(printed) ?? [];
      expect(JSON.parse(json)).toEqual({
        vcenter: { product: "vcenter", url, username: "administrator@vsphere.local", password: "pw" },
        snap: { product: "snapservice", url, username: "administrator@vsphere.local", password: "pw" },
        sddc: { product: "sddc-manager", url, username: "administrator@vsphere.local", password: "pw" },
        vcda: {
          product: "vcda",
          login: "localUser",
          url,
          username: "administrator@vsphere.local",
          password: "pw",
          remoteSites: {
            site2: { login: "credentials", username: "administrator@vsphere.local", password: "pw" },
          },
        },
      });
      expect(printed).toContain("pulumi config set --secret vmware-tasks:endpoints");
    },
  );
  expect(code).toBe(0);
});

test("prints what a shell takes, whatever is in the password", async () => {
  const { printed } = await run(["simulate", "--port", "0", "--password", "it's $HOME"]);
  const line = /export VMWARE_TASKS_ENDPOINTS=.*/.exec(printed)?.[0] ?? "";
  const told = execFileSync("sh", ["-c", `${line}; printf %s "$VMWARE_TASKS_ENDPOINTS"`], {
    encoding: "utf8",
  });
  expect(JSON.parse(told)).toMatchObject({ vcenter: { password: "it's $HOME" } });
});

test("prints one line of JSON when asked to, with the certificate when it serves HTTPS", async () => {
  const { printed } = await run(["simulate", "--port", "0", "--https", "--json"]);
  expect(printed).not.toContain("\n");
  expect(JSON.parse(printed)).toMatchObject({
    url: expect.stringMatching(/^https:/) as string,
    certificate: expect.stringContaining("BEGIN CERTIFICATE") as string,
  });
});

test("gives other ids at every run, so that an old task is not taken for a new one", async () => {
  const ids = new Set<unknown>();
  for (let count = 0; count < 2; count += 1) {
    await run(["simulate", "--port", "0"], async (printed) => {
      const [, url = ""] = /listens on (\S+) /.exec(printed) ?? [];
      const { body } = await sender(url)("POST", "/_simulator/foreign-task", {
        product: "sddc-manager",
        path: "/v1/avns",
      });
      ids.add((body as { taskId: string }).taskId);
    });
  }
  expect(ids.size).toBe(2);
});

test.each([["--help"], ["-h"], ["simulate", "--help"]])("prints help for %s %s", async (...args) => {
  const { code, printed } = await run(args);
  expect(code).toBe(0);
  expect(printed).toMatch(/^Usage: vmware-tasks simulate/);
});

test.each([
  [[], "Say what to do"],
  [["fly"], "Unknown command fly"],
  [["simulate", "now"], "Unexpected argument now"],
  [["simulate", "--colour"], "--colour"],
  [["simulate", "--port", "70000"], "--port must be"],
  [["simulate", "--port", "http"], "--port must be"],
  [["simulate", "--duration", "5"], "--duration must be a number with a unit"],
  [["simulate", "--duration", "soon"], "--duration must be"],
])("refuses %j with exit code 2", async (args, text) => {
  const { code, printed, complaints } = await run(args);
  expect(code).toBe(2);
  expect(printed).toBe("");
  expect(complaints).toContain(text);
  expect(complaints).toContain("vmware-tasks --help");
});

test("says so when the port is taken", async () => {
  await run(["simulate", "--port", "0"], async (printed) => {
    const [, port = ""] = /127\.0\.0\.1:(\d+)/.exec(printed) ?? [];
    const second = await run(["simulate", "--port", port]);
    expect(second.code).toBe(1);
    expect(second.complaints).toContain(`cannot listen on port ${port}`);
  });
});

test("speaks as the version of SDDC Manager that is asked for, and lists what that has", async () => {
  await run(["simulate", "--port", "0", "--sddc-version", "9.1"], async (printed) => {
    const [, url = ""] = /listens on (\S+) /.exec(printed) ?? [];
    const { text } = await sender(url)("GET", "/_simulator");
    expect(text).toContain("POST /v1/sddcs/imports, GET /v1/sddcs/imports/{task}");
    expect(text).not.toContain("POST /v1/avns");
  });
  const { code, complaints } = await run(["simulate", "--sddc-version", "3.9"]);
  expect(code).toBe(2);
  expect(complaints).toContain("4.5, 5.1, 5.2, 9.0, 9.1");
});
