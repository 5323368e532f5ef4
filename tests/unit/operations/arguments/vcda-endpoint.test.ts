// What only an endpoint of VCDA has: a log-in that must be named, remote sites, a version.
import {
  lookUpProblems,
  operationProblems,
  readConfiguration,
  type Configuration,
} from "../../../../provider/operations/arguments";

const vcda = {
  product: "vcda",
  url: "https://vcda.example.com",
  login: "localUser",
  username: "root",
  password: "p",
};
const root = "vmware-tasks:endpoints.dr";

const read = (fields: Record<string, unknown>, environment: Record<string, string> = {}): Configuration =>
  readConfiguration({ endpoints: JSON.stringify({ dr: { ...vcda, ...fields } }), environment });

const problems = (fields: Record<string, unknown>): string[] =>
  read(fields)
    .endpointProblems("dr")
    .map(({ path, message }) => `${path.replace(`${root}.`, "")}: ${message}`);

test("the way to log in is never guessed", () => {
  expect(problems({ login: undefined })).toEqual([
    "login: is missing: how to log in to VMware Cloud Director Availability, one of localUser, ssoCredentials, ssoToken, vcdCredentials, vcdCookie, vcdAccessToken, session",
  ]);
});

test.each<[string, Record<string, unknown>, RegExp | undefined]>([
  ["localUser", {}, undefined],
  ["ssoCredentials", { principal: "a@b" }, undefined],
  ["vcdCredentials", {}, undefined],
  ["vcdCredentials", { password: undefined }, /^password: is missing.*VMWARE_TASKS_DR_PASSWORD$/],
  ["ssoToken", { token: "{}" }, undefined],
  ["vcdCookie", { tokenCommand: "x" }, undefined],
  ["vcdAccessToken", { token: "t", context: "c" }, undefined],
  ["session", { token: "t" }, undefined],
  ["session", {}, /^token: is missing.*VMWARE_TASKS_DR_TOKEN/],
  ["localUser", { principal: "a@b" }, /^principal: belongs to the log-in ssoCredentials only$/],
  ["localUser", { context: "c" }, /^context: belongs to the log-in vcdAccessToken only$/],
  ["password", {}, /^login: must be a way to log in to VMware Cloud Director Availability/],
])("the log-in %s with %j is checked", (login, more, problem) => {
  const found = problems({ login, ...more });
  if (problem === undefined) expect(found).toEqual([]);
  else expect(found).toEqual([expect.stringMatching(problem)]);
});

test.each([4.5, "4.5", 4, "3.5", "4.7"])("the version %j is one", (apiVersion) => {
  expect(read({ apiVersion }).endpoint("dr").apiVersion).toBe(String(apiVersion));
});

test.each([5, "4.50", "v4.5", "latest", null])("the version %j is none", (apiVersion) => {
  expect(problems({ apiVersion })).toEqual([
    expect.stringMatching(/^apiVersion: must be a version of the API: one of 3\.5/),
  ]);
});

test("another product has none of these fields", () => {
  const configuration = readConfiguration({
    endpoints: JSON.stringify({
      vc: {
        ...vcda,
        product: "vcenter",
        login: "password",
        apiVersion: "4.5",
        remoteSites: {},
        context: "c",
      },
    }),
    environment: {},
  });
  expect(configuration.endpointProblems("vc")).toEqual(
    ["apiVersion", "remoteSites", "context"].map((field) => ({
      path: `vmware-tasks:endpoints.vc.${field}`,
      message: "vCenter has no such field; leave it out",
    })),
  );
});

describe("a remote site", () => {
  const site = (fields: Record<string, unknown>): string[] => problems({ remoteSites: { paris: fields } });
  const names = "credentials, cookie, vcdAccessToken, multisite";

  test.each<[Record<string, unknown>, string]>([
    [{ username: "a", password: "b" }, "credentials"],
    [{ org: "acme" }, "multisite"],
    [{ login: "cookie", token: "t" }, "cookie"],
    [{ login: "vcdAccessToken", tokenCommand: "x" }, "vcdAccessToken"],
  ])("with %j is logged in to", (fields, login) => {
    expect(site(fields)).toEqual([]);
    expect(read({ remoteSites: { paris: fields } }).endpoint("dr").remoteSites?.paris).toEqual({
      ...fields,
      login,
    });
  });

  test.each<[Record<string, unknown>, string[]]>([
    [{ token: "t" }, [`remoteSites.paris.login: is missing: how to log in to the site, one of ${names}`]],
    [{}, [`remoteSites.paris.login: is missing: how to log in to the site, one of ${names}`]],
    [
      { login: "localUser" },
      [`remoteSites.paris.login: must be a way to log in to a remote site: one of ${names}`],
    ],
    [{ login: "multisite" }, ["remoteSites.paris.org: is missing: the organization to act for"]],
    [
      { login: "credentials" },
      [
        "remoteSites.paris.username: is missing",
        "remoteSites.paris.password: is missing: set it as a secret of the configuration, as the variable VMWARE_TASKS_DR_PARIS_PASSWORD",
      ],
    ],
    [
      { username: "a", password: "b", org: "c" },
      ["remoteSites.paris.org: belongs to the log-in multisite only"],
    ],
    [{ user: "a" }, ["remoteSites.paris: there is no such argument: user"]],
  ])("with %j is told what is wrong", (fields, expected) => {
    expect(site(fields)).toEqual(expected);
  });

  test("takes its secrets from the environment too, and all are known to be secrets", () => {
    const configuration = read(
      {
        password: undefined,
        remoteSites: {
          "paris-1": { username: "a" },
          rome: { login: "cookie" },
          oslo: { username: "b", password: "in-config" },
        },
      },
      {
        VMWARE_TASKS_DR_PASSWORD: "local-secret",
        VMWARE_TASKS_DR_PARIS_1_PASSWORD: "paris-secret",
        VMWARE_TASKS_DR_ROME_TOKEN: "rome-secret",
      },
    );
    expect(configuration.endpointProblems("dr")).toEqual([]);
    expect(configuration.endpoint("dr")).toMatchObject({
      password: "local-secret",
      remoteSites: { "paris-1": { password: "paris-secret" }, rome: { token: "rome-secret" } },
    });
    for (const secret of ["local-secret", "paris-secret", "rome-secret", "in-config"])
      expect(configuration.secrets()).toContain(secret);
  });
});

test("the parts of an SSO token are secrets of their own", () => {
  const token = JSON.stringify({
    samlToken: "saml-secret",
    timestamp: 5,
    nonce: "n0nce-secret",
    signature: "sign-secret",
  });
  const secrets = read({ login: "ssoToken", token }).secrets();
  for (const part of [token, "saml-secret", "n0nce-secret", "sign-secret"]) expect(secrets).toContain(part);
});

test("nothing is asked of the product that it cannot do", () => {
  const given = {
    endpoint: "dr",
    site: "paris",
    request: { method: "POST", path: "/backups" },
    onTimeout: "cancel",
    onDelete: "cancel",
    retry: { how: "retryTask" },
    onRequestChange: "retryInPlace",
  };
  expect(operationProblems(given, read({})).map(({ path }) => path)).toEqual([
    "onTimeout",
    "onDelete",
    "retry.how",
    "onRequestChange",
  ]);
});

describe("a look-up", () => {
  const ask = (given: Record<string, unknown>): string[] =>
    lookUpProblems("vcdaTasks", { endpoint: "dr", ...given }, read({}), "vcda").map(
      ({ path, message }) => `${path}: ${message}`,
    );

  test("takes every filter of the API", () => {
    const iso = "2026-01-01T00:00:00Z";
    expect(
      ask({
        site: "paris",
        status: ["FAILED"],
        state: "FAILED",
        ids: ["a"],
        user: "root",
        sourceOrg: "a",
        startTimeBefore: iso,
        startTimeAfter: iso,
        endTimeBefore: iso,
        endTimeAfter: iso,
        type: "failover",
        resourceId: "C4-1",
        resourceName: "shop",
        resourceType: ["vmReplication", "vappReplication"],
        sort: "startTime-",
        limit: 5,
      }),
    ).toEqual([]);
    expect(ask({ destinationOrg: "b", offset: 0 })).toEqual([]);
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ user: "a", destinationOrg: "b" }, /VCDA takes `user` or `destinationOrg`, not both/],
    [{ status: "FAILED", offset: 2 }, /with `status` leave it out, or use `state`/],
    [{ startTimeAfter: "yesterday" }, /^startTimeAfter: must be an ISO 8601 time/],
    [{ offset: -1 }, /^offset: must be a whole number from 0/],
    [{ kind: "task" }, /there is no such argument: kind/],
  ])("with %j is told what is wrong", (given, problem) => {
    expect(ask(given)).toEqual([expect.stringMatching(problem)]);
  });
});
