import type { Problem } from "../../tasks";

/** The variables of the process, as far as they are set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Fields of an endpoint that a variable can replace. */
export const replaceable = ["username", "password", "token"] as const;
/** Fields of a remote site that a variable can replace. */
export const replaceableOfSite = ["password", "token"] as const;

/** The variable for a field of an endpoint. */
export function variableOf(endpoint: string, field: string): string {
  return `VMWARE_TASKS_${endpoint.replaceAll(/[^a-z0-9]/gi, "_").toUpperCase()}_${field.toUpperCase()}`;
}

/** The variable for a field of a remote site. */
export function variableOfSite(endpoint: string, site: string, field: string): string {
  return variableOf(`${endpoint}_${site}`, field);
}

/** A variable's value; an empty one counts as not set, for that is how scripts unset one. */
export function set(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

/** A field that a variable replaces. */
interface Place {
  readonly variable: string;
  readonly endpoint: string;
  /** Below the endpoint. */
  readonly path: string;
  /** In a sentence. */
  readonly owner: string;
}

function placesOf(endpoint: string, given: unknown): Place[] {
  const sites = (given as { remoteSites?: unknown } | null)?.remoteSites;
  const names = typeof sites === "object" && sites !== null ? Object.keys(sites) : [];
  return [
    ...replaceable.map((field) => ({
      variable: variableOf(endpoint, field),
      endpoint,
      path: field,
      owner: `endpoint "${endpoint}"`,
    })),
    ...names.flatMap((site) =>
      replaceableOfSite.map((field) => ({
        variable: variableOfSite(endpoint, site, field),
        endpoint,
        path: `remoteSites.${site}.${field}`,
        owner: `remote site "${site}" of endpoint "${endpoint}"`,
      })),
    ),
  ];
}

/** Variables that are set and would put one secret in two places, one of them at this endpoint: the wrong server would get it. */
export function ambiguousVariables(
  endpoint: string,
  { endpoints, environment, root }: { endpoints: object; environment: Environment; root: string },
): Problem[] {
  const places = Object.entries(endpoints).flatMap(([name, given]) => placesOf(name, given));
  return places
    .filter((place) => place.endpoint === endpoint && set(environment[place.variable]) !== undefined)
    .flatMap((place) => {
      const sharing = places.filter(({ variable }) => variable === place.variable);
      if (sharing.length < 2) return [];
      const owners = [...new Set(sharing.map(({ owner }) => owner))].join(" and of ");
      return [
        {
          path: `${root}.${endpoint}.${place.path}`,
          message: `is not clear, for the variable ${place.variable} is set and is that of ${owners}: rename one of them, or unset it`,
        },
      ];
    });
}
