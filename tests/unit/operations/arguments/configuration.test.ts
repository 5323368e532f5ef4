import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readConfiguration, type Configuration } from "../../../../provider/operations";

const vc = { product: "vcenter", url: "https://vc.example.com", username: "deploy", password: "from-config" };
const read = (
  endpoints: Record<string, unknown>,
  environment: Record<string, string> = {},
  retryPolicies: Record<string, unknown> = {},
): Configuration =>
  readConfiguration({
    endpoints: JSON.stringify(endpoints),
    retryPolicies: JSON.stringify(retryPolicies),
    environment,
  });

test("an endpoint has defaults", () => {
  expect(read({ vc }).endpoint("vc")).toMatchObject({
    name: "vc",
    product: "vcenter",
    url: "https://vc.example.com",
    username: "deploy",
    password: "from-config",
    requestTimeoutMs: 60_000,
    reachTimeoutMs: 300_000,
    outageToleranceMs: 900_000,
    maxConcurrentOperations: Infinity,
    insecureSkipTlsVerify: false,
    caCertificates: [],
    headers: {},
  });
});

test("durations and limits of an endpoint hold", () => {
  const endpoint = read({
    vc: {
      ...vc,
      reachTimeout: "1m",
      outageTolerance: "2h",
      requestTimeout: "5s",
      maxConcurrentOperations: 3,
    },
  }).endpoint("vc");
  expect(endpoint).toMatchObject({
    reachTimeoutMs: 60_000,
    outageToleranceMs: 7_200_000,
    requestTimeoutMs: 5_000,
    maxConcurrentOperations: 3,
  });
});

test.each([
  ["https://vc.example.com", "https://vc.example.com"],
  ["https://vc.example.com/", "https://vc.example.com"],
  ["https://vc.example.com:8443", "https://vc.example.com:8443"],
  ["https://proxy.example.com/vc/", "https://proxy.example.com/vc"],
  ["http://127.0.0.1:4711/a/b//", "http://127.0.0.1:4711/a/b"],
  ["https://[::1]:8443/x", "https://[::1]:8443/x"],
])("the URL %s is used as %s", (url, expected) => {
  expect(read({ vc: { ...vc, url } }).endpoint("vc").url).toBe(expected);
});

test.each(["vc.example.com", "ftp://vc", "https://u:p@vc", "https://vc?x=1", "https://vc#x", "", "https://"])(
  "the URL %j is refused",
  (url) => {
    expect(read({ vc: { ...vc, url } }).endpointProblems("vc")).toEqual([
      expect.objectContaining({ path: "vmware-tasks:endpoints.vc.url" }),
    ]);
  },
);

describe("the environment", () => {
  test("replaces the endpoints of the configuration as a whole", () => {
    const configuration = read(
      { vc },
      { VMWARE_TASKS_ENDPOINTS: JSON.stringify({ other: { ...vc, url: "https://other" } }) },
    );
    expect(configuration.endpoint("other").url).toBe("https://other");
    expect(configuration.endpointProblems("vc")[0]?.message).toContain("VMWARE_TASKS_ENDPOINTS has: other");
  });

  test("replaces one secret of an endpoint", () => {
    const configuration = read(
      { "vc-1.prod": { ...vc, password: undefined } },
      { VMWARE_TASKS_VC_1_PROD_PASSWORD: "from-env", VMWARE_TASKS_VC_1_PROD_USERNAME: "other" },
    );
    expect(configuration.endpoint("vc-1.prod")).toMatchObject({ username: "other", password: "from-env" });
    expect(configuration.secrets()).toContain("from-env");
  });

  test.each(["VMWARE_TASKS_ENDPOINTS", "VMWARE_TASKS_VC_PASSWORD"])(
    "an empty %s counts as not set",
    (name) => {
      expect(read({ vc }, { [name]: "" }).endpoint("vc").password).toBe("from-config");
    },
  );
});

test("the release of the VIM JSON API is four numbers", () => {
  expect(read({ vc: { ...vc, vimRelease: "8.0.3.0" } }).endpoint("vc").vimRelease).toBe("8.0.3.0");
  expect(read({ vc: { ...vc, vimRelease: "8.0 U3" } }).endpointProblems("vc")).toEqual([
    {
      path: "vmware-tasks:endpoints.vc.vimRelease",
      message: 'must be a release of four numbers, such as "8.0.2.0"',
    },
  ]);
  const sddc = { ...vc, product: "sddc-manager", vimRelease: "8.0.3.0" };
  expect(read({ sddc }).endpointProblems("sddc")).toEqual([
    {
      path: "vmware-tasks:endpoints.sddc.vimRelease",
      message: "SDDC Manager has no such field; leave it out",
    },
  ]);
});

test("a SAML assertion is a token of its own way to log in", () => {
  const { product, url } = vc;
  const saml = { product, url, login: "saml" };
  const configuration = read({
    good: { ...saml, token: "<Assertion/>" },
    bad: saml,
    session: { product, url, token: "t" },
  });
  expect(configuration.endpoint("good").login).toBe("saml");
  expect(configuration.endpointProblems("bad")).toMatchObject([{ path: "vmware-tasks:endpoints.bad.token" }]);
  // A token without a word about it is a session id, as it always was.
  expect(configuration.endpoint("session").login).toBe("session");
  expect(configuration.secrets()).toContain("<Assertion/>");
});

test("a token or a command for one stands in for name and password", () => {
  const { product, url } = vc;
  const configuration = read({
    a: { product, url, token: "t" },
    b: { product, url, tokenCommand: "get-token" },
  });
  expect(configuration.endpointProblems("a")).toEqual([]);
  expect(configuration.endpointProblems("b")).toEqual([]);
});

test("an endpoint is known by its former names", () => {
  const configuration = read({ new: { ...vc, formerNames: ["old", "older"] } });
  expect(configuration.endpoint("old").name).toBe("new");
  expect(configuration.currentName("older")).toBe("new");
  expect(configuration.product("old")).toBe("vcenter");
  expect(configuration.currentName("never")).toBe("never");
});

test("a server is told by its address, under whatever names it is configured", () => {
  const configuration = read({
    a: { ...vc, formerNames: ["old"] },
    b: { ...vc, url: "https://VC.example.com:443/" },
    c: { ...vc, url: "https://vc.example.com/other" },
    d: { ...vc, url: 1 },
  });
  const servers = ["a", "old", "b", "c", "d", "never"].map((name) => configuration.server(name));
  expect(servers.slice(1, 3)).toEqual([servers[0], servers[0]]);
  expect(new Set(servers).size).toBe(4);
  expect(servers.slice(4)).toEqual(["d", "never"]);
});

test("a name that is in use is nobody's former one", () => {
  const configuration = read({ a: { ...vc, url: "https://a" }, b: { ...vc, formerNames: ["a"] } });
  expect(configuration.endpoint("a").url).toBe("https://a");
});

describe("the vCenter behind a Snapservice", () => {
  const snap = { ...vc, product: "snapservice", vcenter: "vc" };
  const told = (endpoints: Record<string, unknown>, name = "snap"): string[] =>
    read(endpoints)
      .endpointProblems(name)
      .map(({ path, message }) => `${path}: ${message}`);

  test("is another endpoint of the configuration, also by a former name", () => {
    expect(read({ snap, vc }).endpoint("snap").vcenter).toBe("vc");
    expect(read({ snap, new: { ...vc, formerNames: ["vc"] } }).endpoint("snap").vcenter).toBe("new");
    expect(read({ snap: { ...snap, vcenter: undefined } }).endpoint("snap").vcenter).toBeUndefined();
  });

  test("must be configured, be a vCenter and be usable itself, and is of Snapservice only", () => {
    expect(told({ snap })).toEqual([
      'vmware-tasks:endpoints.snap.vcenter: "vc" is not configured; vmware-tasks:endpoints has: snap',
    ]);
    expect(told({ snap, vc: { ...vc, product: "sddc-manager" } })).toEqual([
      'vmware-tasks:endpoints.snap.vcenter: must name an endpoint of the product vcenter; "vc" is of sddc-manager',
    ]);
    expect(told({ snap: { ...snap, vcenter: "snap" } })).toEqual([
      'vmware-tasks:endpoints.snap.vcenter: must name an endpoint of the product vcenter; "snap" is of snapservice',
    ]);
    expect(told({ snap, vc: { ...vc, password: undefined } })).toEqual([
      expect.stringMatching(/^vmware-tasks:endpoints\.vc\.password: is missing/),
    ]);
    expect(told({ vc: { ...vc, vcenter: "vc" } }, "vc")).toEqual([
      "vmware-tasks:endpoints.vc.vcenter: vCenter has no such field; leave it out",
    ]);
  });
});

test.each([
  [{ password: "p", username: "u" }, "password"],
  [{ token: "t" }, "session"],
  [{ tokenCommand: "c", login: "saml" }, "saml"],
  [{ token: "t", login: "bearer" }, "bearer"],
])("a Snapservice with %j is logged in to by %s", (credentials, login) => {
  const endpoint = { product: "snapservice", url: "https://snap.example.com", ...credentials };
  expect(read({ snap: endpoint }).endpoint("snap").login).toBe(login);
});

describe("certificates", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "certificates-test-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("are taken as text or from a file, one or several", () => {
    const path = join(folder, "ca.pem");
    writeFileSync(path, pem);
    expect(read({ vc: { ...vc, caCertificates: [pem, path] } }).endpoint("vc").caCertificates).toEqual([
      pem,
      pem,
    ]);
    expect(read({ vc: { ...vc, caCertificates: path } }).endpoint("vc").caCertificates).toEqual([pem]);
  });

  test("in a file that cannot be read are a problem", () => {
    const configuration = read({ vc: { ...vc, caCertificates: join(folder, "missing.pem") } });
    expect(configuration.endpointProblems("vc")).toEqual([
      {
        path: "vmware-tasks:endpoints.vc.caCertificates",
        message: "must be PEM text or the path of a file that can be read",
      },
    ]);
  });
});

const hex = "ab".repeat(32);
test.each([
  [hex, Array.from({ length: 32 }, () => "AB").join(":")],
  [Array.from({ length: 32 }, () => "ab").join(":"), Array.from({ length: 32 }, () => "AB").join(":")],
])("the fingerprint %s has one normal form", (serverFingerprint, expected) => {
  expect(read({ vc: { ...vc, serverFingerprint } }).endpoint("vc").serverFingerprint).toBe(expected);
});

test("a fingerprint that is too short is refused", () => {
  expect(read({ vc: { ...vc, serverFingerprint: "ab:cd" } }).endpointProblems("vc")[0]?.message).toContain(
    "SHA-256",
  );
});

test.each([
  ["endpoints", { endpoints: '{ "vc": { "password": "canary" }', environment: {} }, "vmware-tasks:endpoints"],
  ["policies", { retryPolicies: "canary", environment: {} }, "vmware-tasks:retryPolicies"],
  ["the variable", { environment: { VMWARE_TASKS_ENDPOINTS: "{canary" } }, "VMWARE_TASKS_ENDPOINTS"],
  ["a list", { endpoints: '["canary"]', environment: {} }, "vmware-tasks:endpoints"],
])("%s that cannot be read are told without quoting the text", (_title, source, name) => {
  let message = "";
  try {
    readConfiguration(source);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain(name);
  expect(message).not.toContain("canary");
});

test("without any configuration, every endpoint is unknown", () => {
  const configuration = readConfiguration({ environment: {} });
  expect(configuration.endpointProblems("vc")[0]?.message).toContain("vmware-tasks:endpoints is empty");
  expect(() => configuration.endpoint("vc")).toThrow(/"vc" is not configured/);
});

test.each([null, 7, "text", []])("an endpoint that is %j is a problem, not a crash", (value) => {
  const configuration = read({ vc: value });
  expect(configuration.endpointProblems("vc")).not.toEqual([]);
  expect(configuration.product("vc")).toBeUndefined();
  expect(configuration.secrets()).toEqual([]);
});

test("every secret of the configuration is known, to be kept out of messages", () => {
  const configuration = read({
    vc: { ...vc, password: "secret-1", headers: { "X-Auth": "secret-2" } },
    sddc: { ...vc, token: "secret-3" },
  });
  expect(configuration.secrets()).toEqual(expect.arrayContaining(["secret-1", "secret-2", "secret-3"]));
});

test("password-like fields of retry policies are secrets", () => {
  const cleanup = { method: "DELETE", path: "/a", body: { password: "secret-of-cleanup" } };
  const configuration = readConfiguration({
    endpoints: "{}",
    retryPolicies: JSON.stringify({ gentle: { cleanup } }),
    environment: {},
  });
  expect(configuration.secrets()).toEqual(["secret-of-cleanup"]);
});
