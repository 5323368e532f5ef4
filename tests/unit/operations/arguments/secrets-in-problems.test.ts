import fc from "fast-check";

import { readConfiguration, type Configuration } from "../../../../provider/operations";
import { operationProblems } from "../../../../provider/operations/arguments";
import { InvalidArgumentsError, type Problem } from "../../../../provider/tasks";
import { runs } from "../../../support/properties";

const canary = "canary-9f3a";
const configuration: Configuration = readConfiguration({
  endpoints: JSON.stringify({
    vc: { product: "vcenter", url: "https://vc.example.com", username: "u", password: canary },
    sddc: { product: "sddc-manager", url: "https://sddc.example.com", username: "u", password: canary },
    bare: { product: "vcenter", url: "https://vc.example.com", username: "u" },
    odd: { product: "esx", url: `ftp://user:${canary}@x`, username: "u", password: canary, colour: "red" },
  }),
  retryPolicies: JSON.stringify({ gentle: { maxAttempts: 3 }, bad: { maxAttempts: 0, delay: "soon" } }),
  environment: {},
});
const request = { method: "POST", path: "/api/vcenter/vm", body: { name: "vm" } };
const good = { endpoint: "vc", request };

const problems = (given: Readonly<Record<string, unknown>>): Problem[] =>
  operationProblems(given, configuration);
const lines = (given: Readonly<Record<string, unknown>>): string[] =>
  problems(given).map(({ path, message }) => `${path}: ${message}`);

describe("no secret is in any message", () => {
  const nasty = [canary, [canary], { [`password`]: canary }, 7];
  const names = [
    "endpoint",
    "request",
    "timeout",
    "onTimeout",
    "retry",
    "expect",
    "observe",
    "triggers",
    "adoptTaskId",
    "kind",
    "site",
  ];

  test.each(names)("wherever it is in %s", (name) => {
    for (const value of nasty) {
      // Names that a person chooses are told back, values are not.
      if (value === canary && ["endpoint", "retry", "kind"].includes(name)) continue;
      const given = { ...good, [name]: value };
      expect(new InvalidArgumentsError("Operation", problems(given)).message).not.toContain(canary);
    }
  });

  test("wherever it is in a request or a policy", () => {
    const value = fc.oneof(fc.constant(canary), fc.constant([canary]), fc.constant({ a: canary }));
    const path = fc.constantFrom(
      "method",
      "path",
      "query",
      "headers",
      "timeout",
      "delay",
      "how",
      "when",
      "cleanup",
    );
    fc.assert(
      fc.property(path, value, (name, secret) => {
        const given = { endpoint: "vc", request: { ...request, [name]: secret }, retry: { [name]: secret } };
        expect(lines(given).join()).not.toContain(canary);
      }),
      runs(100),
    );
  });

  test("of an endpoint that is wrong", () => {
    expect(lines({ ...good, endpoint: "odd" }).join()).not.toContain(canary);
    let message = "";
    try {
      configuration.endpoint("odd");
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain("odd");
    expect(message).not.toContain(canary);
  });
});
