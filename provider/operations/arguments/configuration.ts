import { readFileSync } from "node:fs";

import * as z from "../../zod";
import type { EndpointSettings } from "../../clients";
import { ConfigurationError, products, secretsIn, type Problem, type Product } from "../../tasks";
import { parseDuration } from "./duration";
import { loginOf, loginProblems } from "./login";
import { remoteSiteProblems, remoteSites, toRemoteSites } from "./remote-sites";
import {
  toRetryPolicy,
  type NamedRetryPolicyArguments,
  type RetryPolicy,
  type RetryPolicyArguments,
} from "./retry-policy";
import { duration, headers, namedRetryPolicy, needed } from "./schemas";
import { problemsOf } from "./validation";
import {
  ambiguousVariables,
  replaceable,
  replaceableOfSite,
  set,
  variableOf,
  variableOfSite,
  type Environment,
} from "./variables";
import { vcenterProblems } from "./vcenter-of";

/** An endpoint with everything that following its tasks needs. */
export interface Endpoint extends EndpointSettings {
  readonly reachTimeoutMs: number;
  readonly outageToleranceMs: number;
  readonly maxConcurrentOperations: number;
  /** Snapservice: the endpoint of the vCenter that runs the tasks behind its own. */
  readonly vcenter?: string | undefined;
}

/** What an operation is, for policies that say where they hold. */
export interface PolicyTarget {
  readonly product?: Product | undefined;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
}

/** The stack's configuration of this package. */
export interface Configuration {
  /** @throws ConfigurationError when the endpoint is missing or wrong */
  endpoint(name: string): Endpoint;
  /** What is wrong with an endpoint; empty when it can be used. */
  endpointProblems(name: string): Problem[];
  product(name: string): Product | undefined;
  /** The name that an endpoint has now, for one that state may know by a former name. */
  currentName(name: string): string;
  /** Which server an endpoint is; two names can be of one. */
  server(name: string): string;
  /** The policy of an operation: its own, the one it names, or the first whose `applyTo` fits. */
  policy(wanted: string | RetryPolicyArguments | undefined, target: PolicyTarget): RetryPolicy;
  policyProblems(wanted: unknown, path: string): Problem[];
  /** Every secret in it, to be kept out of messages. */
  secrets(): string[];
}

/** Where configuration comes from: the stack's two keys and the environment. */
export interface ConfigurationSource {
  readonly endpoints?: string | undefined;
  readonly retryPolicies?: string | undefined;
  readonly environment: Environment;
}

/** Versions of VCDA's API; a number too, for that is what YAML makes of an unquoted one. */
const apiVersions = ["3.5", "4", "4.1", "4.2", "4.3", "4.5", "4.6", "4.7"] as const;
const versionForm = `must be a version of the API: one of ${apiVersions.join(", ")}`;
const apiVersion = z
  .union([z.string(), z.number()], { error: versionForm })
  .transform(String)
  .refine((text) => apiVersions.some((known) => known === text), { error: versionForm });

const endpointSchema = z.strictObject({
  product: z.enum(products, { error: `must be one of ${products.join(", ")}` }),
  url: needed('such as "https://vc.example.com"').refine(isHttpUrl, {
    error: 'must be an http or https URL without user, query and fragment, such as "https://vc.example.com"',
  }),
  login: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  token: z.string().optional(),
  tokenCommand: z.string().optional(),
  vcenter: z.string().optional(),
  api: z.enum(["api", "rest"], { error: "must be api or rest" }).optional(),
  vimRelease: z
    .string()
    .regex(/^\d+(\.\d+){3}$/, { error: 'must be a release of four numbers, such as "8.0.2.0"' })
    .optional(),
  apiVersion: apiVersion.optional(),
  remoteSites: remoteSites.optional(),
  principal: z.string().optional(),
  context: z.string().optional(),
  reachTimeout: duration.optional(),
  outageTolerance: duration.optional(),
  requestTimeout: duration.optional(),
  maxConcurrentOperations: z.int().min(1).optional(),
  headers: headers.optional(),
  formerNames: z.array(z.string()).optional(),
  caCertificates: z.union([z.string(), z.array(z.string())]).optional(),
  serverFingerprint: z
    .string()
    .regex(/^([0-9a-f]{2}:?){32}$/i, { error: "must be a SHA-256 fingerprint: 32 hexadecimal pairs" })
    .optional(),
  insecureSkipTlsVerify: z.boolean().optional(),
});

type EndpointArguments = z.infer<typeof endpointSchema>;

const second = 1000;
const endpointsKey = "vmware-tasks:endpoints";
const policiesKey = "vmware-tasks:retryPolicies";
/** The variable that replaces the endpoints of the configuration. */
const endpointsVariable = "VMWARE_TASKS_ENDPOINTS";

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}

function parseObject(text: string | undefined, origin: string): Record<string, unknown> {
  if (text === undefined || text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which holds passwords.
    throw new ConfigurationError(`${origin} is not valid JSON.`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new ConfigurationError(`${origin} must be an object of names.`);
}

/** A secret and, where it is JSON such as an SSO token, the secrets that it is made of: servers echo these alone. */
function withParts(secret: string): string[] {
  if (!secret.startsWith("{")) return [secret];
  try {
    return [
      secret,
      ...Object.values(JSON.parse(secret) as object).filter((part) => typeof part === "string"),
    ];
  } catch {
    return [secret];
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function certificate(text: string): string {
  return text.includes("-----BEGIN") ? text : readFileSync(text, "utf8");
}

function certificateProblems(given: EndpointArguments["caCertificates"], path: string): Problem[] {
  return [given ?? []].flat().flatMap((text) => {
    try {
      certificate(text);
      return [];
    } catch {
      return [
        {
          path: `${path}.caCertificates`,
          message: "must be PEM text or the path of a file that can be read",
        },
      ];
    }
  });
}

function listed(root: string, names: readonly string[]): string {
  return names.length > 0 ? `${root} has: ${names.join(", ")}` : `${root} is empty`;
}

/** Reads the configuration; what is wrong with an endpoint is told when that endpoint is asked for. */
export function readConfiguration({
  endpoints,
  retryPolicies,
  environment,
}: ConfigurationSource): Configuration {
  const fromEnvironment = set(environment[endpointsVariable]);
  const origin =
    fromEnvironment === undefined ? `The configuration ${endpointsKey}` : `The variable ${endpointsVariable}`;
  const rawEndpoints = parseObject(fromEnvironment ?? endpoints, origin);
  const rawPolicies = parseObject(retryPolicies, `The configuration ${policiesKey}`);
  const root = fromEnvironment === undefined ? endpointsKey : endpointsVariable;

  const currentName = (name: string): string => {
    if (Object.hasOwn(rawEndpoints, name)) return name;
    const renamed = Object.entries(rawEndpoints).find(([, value]) => {
      const former = (value as { formerNames?: unknown } | null)?.formerNames;
      return Array.isArray(former) && former.includes(name);
    });
    return renamed?.[0] ?? name;
  };

  const product = (name: string): Product | undefined => {
    const value = (rawEndpoints[currentName(name)] as { product?: unknown } | undefined)?.product;
    return products.find((known) => known === value);
  };

  const server = (name: string): string => {
    const current = currentName(name);
    const url = (rawEndpoints[current] as { url?: unknown } | null | undefined)?.url;
    return (typeof url === "string" ? URL.parse(url)?.href.replace(/\/+$/, "") : undefined) ?? current;
  };

  const replacements = (
    fields: readonly string[],
    variable: (field: string) => string,
  ): Record<string, string> =>
    Object.fromEntries(
      fields.flatMap((field) => {
        const value = set(environment[variable(field)]);
        return value === undefined ? [] : [[field, value] as const];
      }),
    );

  const sitesOf = (endpoint: string, sites: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(sites).map(([site, given]: [string, unknown]) => {
        const replaced = replacements(replaceableOfSite, (field) => variableOfSite(endpoint, site, field));
        return [site, isObject(given) ? { ...given, ...replaced } : given];
      }),
    );

  /** The endpoint's fields, secrets of the environment in place of the configuration's. */
  const fieldsOf = (name: string): unknown => {
    const raw = rawEndpoints[name];
    if (typeof raw !== "object" || raw === null) return raw;
    const { remoteSites: sites } = raw as { remoteSites?: unknown };
    return {
      ...raw,
      ...replacements(replaceable, (field) => variableOf(name, field)),
      ...(isObject(sites) ? { remoteSites: sitesOf(name, sites) } : {}),
    };
  };

  const endpointProblems = (wanted: string): Problem[] => {
    const name = currentName(wanted);
    if (!Object.hasOwn(rawEndpoints, name)) {
      return [
        {
          path: "endpoint",
          message: `"${wanted}" is not configured; ${listed(root, Object.keys(rawEndpoints))}`,
        },
      ];
    }
    const path = `${root}.${name}`;
    const fields = fieldsOf(name);
    const problems = problemsOf(endpointSchema, fields).map((problem) => ({
      ...problem,
      path: `${path}.${problem.path}`,
    }));
    if (problems.length > 0) return problems;
    const given = fields as EndpointArguments;
    return [
      ...ambiguousVariables(name, { endpoints: rawEndpoints, environment, root }),
      ...loginProblems(given, { path, variable: (field) => variableOf(name, field) }),
      ...remoteSiteProblems(given.remoteSites ?? {}, given.product, (site) => ({
        path: `${path}.remoteSites.${site}`,
        variable: (field) => variableOfSite(name, site, field),
      })),
      ...certificateProblems(given.caCertificates, path),
      ...vcenterProblems(given, path, { product, problems: endpointProblems }),
    ];
  };

  const endpoint = (wanted: string): Endpoint => {
    const problems = endpointProblems(wanted);
    if (problems.length > 0) {
      throw new ConfigurationError(
        `Endpoint "${wanted}" cannot be used:\n${problems.map(({ path, message }) => `  - ${path}: ${message}`).join("\n")}`,
      );
    }
    const name = currentName(wanted);
    const given = endpointSchema.parse(fieldsOf(name));
    const milliseconds = (text: string | undefined, seconds: number): number =>
      (text === undefined ? undefined : parseDuration(text)) ?? seconds * second;
    return {
      name,
      product: given.product,
      url: given.url.replace(/\/+$/, ""),
      login: loginOf(given) ?? "",
      username: given.username,
      password: given.password,
      token: given.token,
      tokenCommand: given.tokenCommand,
      api: given.api,
      vimRelease: given.vimRelease,
      apiVersion: given.apiVersion,
      remoteSites:
        given.remoteSites === undefined ? undefined : toRemoteSites(given.remoteSites, given.product),
      principal: given.principal,
      context: given.context,
      headers: given.headers ?? {},
      caCertificates: [given.caCertificates ?? []].flat().map(certificate),
      serverFingerprint: given.serverFingerprint
        ?.replaceAll(":", "")
        .toUpperCase()
        .replaceAll(/(..)(?=.)/g, "$1:"),
      insecureSkipTlsVerify: given.insecureSkipTlsVerify ?? false,
      // Longer than the 30 s that vCenter may take to accept a task.
      requestTimeoutMs: milliseconds(given.requestTimeout, 60),
      reachTimeoutMs: milliseconds(given.reachTimeout, 300),
      outageToleranceMs: milliseconds(given.outageTolerance, 900),
      maxConcurrentOperations: given.maxConcurrentOperations ?? Infinity,
      vcenter: given.vcenter === undefined ? undefined : currentName(given.vcenter),
    };
  };

  const policyProblems = (wanted: unknown, path: string): Problem[] => {
    const named = Object.entries(rawPolicies).flatMap(([name, policy]) =>
      wanted === name ||
      (wanted === undefined && (policy as NamedRetryPolicyArguments | null)?.applyTo !== undefined)
        ? problemsOf(namedRetryPolicy, policy).map((problem) => ({
            ...problem,
            path: `${policiesKey}.${name}.${problem.path}`,
          }))
        : [],
    );
    if (typeof wanted !== "string" || Object.hasOwn(rawPolicies, wanted)) return named;
    const message = `there is no policy "${wanted}"; ${listed(policiesKey, Object.keys(rawPolicies))}`;
    return [{ path, message }];
  };

  return {
    endpoint,
    endpointProblems,
    product,
    currentName,
    server,
    policyProblems,
    policy(wanted, target) {
      if (typeof wanted === "object") return toRetryPolicy(wanted);
      const policies = rawPolicies as Record<string, NamedRetryPolicyArguments | null>;
      if (wanted !== undefined) return toRetryPolicy(policies[wanted] ?? {});
      const fitting = Object.values(policies).find(
        (policy) => policy?.applyTo !== undefined && fits(policy.applyTo, target),
      );
      return toRetryPolicy(fitting ?? {});
    },
    secrets() {
      const variables = Object.entries(environment).flatMap(([name, value]) =>
        /^VMWARE_TASKS_.*_(PASSWORD|TOKEN)$/.test(name) && value !== undefined ? [value] : [],
      );
      const headers = Object.values(rawEndpoints).flatMap((value) =>
        Object.values((value as { headers?: Record<string, unknown> } | null)?.headers ?? {}).filter(
          (header) => typeof header === "string",
        ),
      );
      return [...secretsIn([rawEndpoints, rawPolicies]), ...variables].flatMap(withParts).concat(headers);
    },
  };
}

function fits(applyTo: NonNullable<NamedRetryPolicyArguments["applyTo"]>, target: PolicyTarget): boolean {
  if (applyTo.product !== undefined && applyTo.product !== target.product) return false;
  if (applyTo.method !== undefined && applyTo.method.toUpperCase() !== target.method) return false;
  return (
    applyTo.path === undefined || (target.path !== undefined && new RegExp(applyTo.path).test(target.path))
  );
}
