// Starts a simulator for one test, with a clock that only the test moves, and closes it whatever happens.
import { startSimulator, type Simulator, type SimulatorOptions } from "../../../provider/simulator";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when there is none. */
  readonly body: unknown;
}

export type Send = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

export interface Bench {
  readonly simulator: Simulator;
  /** Moves the simulator's clock. */
  readonly pass: (ms: number) => void;
  /** Without any credentials. */
  readonly send: Send;
  /** With a vCenter session. */
  readonly vcenter: Send;
  /** With a Snapservice session. */
  readonly snap: Send;
  /** With an SDDC Manager token. */
  readonly sddc: Send;
}

/** 2026-01-01T00:00:00Z. */
export const midnight = 1_767_225_600_000;

export async function withSimulator(
  options: SimulatorOptions,
  use: (bench: Bench) => Promise<void>,
): Promise<void> {
  let now = midnight;
  const simulator = await startSimulator({ clock: { now: () => now }, defaultDurationMs: 1000, ...options });
  try {
    const send = sender(simulator.url);
    await use({
      simulator,
      pass: (ms) => (now += ms),
      send,
      vcenter: withHeaders(send, async () => ({ "vmware-api-session-id": await logInToVcenter(send) })),
      snap: withHeaders(send, async () => ({ "vmware-api-session-id": await logInToSnapservice(send) })),
      sddc: withHeaders(send, async () => ({ authorization: `Bearer ${await logInToSddc(send)}` })),
    });
  } finally {
    await simulator.close();
  }
}

export function sender(url: string): Send {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
}

export function basic(
  password = "simulator-password",
  username = "administrator@vsphere.local",
): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
}

export async function logInToVcenter(send: Send): Promise<string> {
  return String((await send("POST", "/api/session", undefined, basic())).body);
}

async function logInToSnapservice(send: Send): Promise<string> {
  return String((await send("POST", "/api/snapservice/sessions", undefined, basic())).body);
}

async function logInToSddc(send: Send): Promise<string> {
  const { body } = await send("POST", "/v1/tokens", {
    username: "administrator@vsphere.local",
    password: "simulator-password",
  });
  return (body as { accessToken: string }).accessToken;
}

/** A CredentialsUpdateSpec for the accounts of one ESX host. */
export function passwordChange(operationType = "UPDATE", ...passwords: string[]): Record<string, unknown> {
  const given = passwords.length === 0 ? ["VMw@re-secret-1!"] : passwords;
  const credentials = given.map((password, index) => ({
    credentialType: "SSH",
    accountType: "USER",
    username: index === 0 ? "root" : `user-${String(index)}`,
    ...(operationType === "UPDATE" ? { password } : {}),
  }));
  return { operationType, elements: [{ resourceName: "esx1.test", resourceType: "ESXI", credentials }] };
}

/** Logs in at the first request. */
function withHeaders(send: Send, logIn: () => Promise<Record<string, string>>): Send {
  let credentials: Promise<Record<string, string>> | undefined;
  return async (method, path, body, headers = {}) => {
    credentials ??= logIn();
    return send(method, path, body, { ...(await credentials), ...headers });
  };
}

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
