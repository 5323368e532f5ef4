// One variable must not put a secret in two places, for one of these servers would get what is another's.
import { readConfiguration } from "../../../../provider/operations/arguments";

const vcda = {
  product: "vcda",
  url: "https://dr.example.com",
  login: "localUser",
  username: "u",
  password: "p",
};
const site = { login: "credentials", username: "u", password: "p" };
const vc = { product: "vcenter", url: "https://vc.example.com", username: "u", password: "p" };

const problemsOf = (name: string, endpoints: object, environment: Record<string, string>): string[] =>
  readConfiguration({ endpoints: JSON.stringify(endpoints), environment })
    .endpointProblems(name)
    .map(({ path, message }) => `${path} ${message}`);

const sites = { dr: { ...vcda, remoteSites: { paris: site } }, "dr-paris": vcda };
const variable = "VMWARE_TASKS_DR_PARIS_PASSWORD";

test.each([
  ["dr", "dr.remoteSites.paris.password"],
  ["dr-paris", "dr-paris.password"],
])("a variable of a site that is an endpoint's too is an error of %s that names both", (name, path) => {
  expect(problemsOf(name, sites, { [variable]: "canary" })).toEqual([
    `vmware-tasks:endpoints.${path} is not clear, for the variable ${variable} is set and is that of remote site "paris" of endpoint "dr" and of endpoint "dr-paris": rename one of them, or unset it`,
  ]);
});

test("so is one of two endpoints, or of two sites, whose names differ in signs only", () => {
  const endpoints = { "lab-1": vc, lab_1: vc };
  expect(problemsOf("lab-1", endpoints, { VMWARE_TASKS_LAB_1_TOKEN: "canary" })).toEqual([
    expect.stringMatching(/lab-1\.token is not clear.* endpoint "lab-1" and of endpoint "lab_1"/),
  ]);
  const twins = { dr: { ...vcda, remoteSites: { "paris-1": site, "paris.1": site } } };
  expect(problemsOf("dr", twins, { VMWARE_TASKS_DR_PARIS_1_PASSWORD: "canary" })).toHaveLength(2);
});

test.each<[string, object, string, Record<string, string>]>([
  ["that is not set", sites, "dr", {}],
  ["that is empty", sites, "dr", { [variable]: "" }],
  ["of other endpoints", { ...sites, vc }, "vc", { [variable]: "canary" }],
  ["that is of one place only", sites, "dr", { VMWARE_TASKS_DR_PASSWORD: "canary" }],
  ["of a field that a site has not", sites, "dr-paris", { VMWARE_TASKS_DR_PARIS_USERNAME: "canary" }],
])("a variable %s is none", (_title, endpoints, name, environment) => {
  expect(problemsOf(name, endpoints, environment)).toEqual([]);
});

test("an error in the configuration holds no secret, and is told before anything is sent", () => {
  const configuration = readConfiguration({
    endpoints: JSON.stringify(sites),
    environment: { [variable]: "canary" },
  });
  expect(() => configuration.endpoint("dr")).toThrow(/Endpoint "dr" cannot be used.*is not clear/s);
  expect(() => configuration.endpoint("dr")).not.toThrow(/canary/);
});
