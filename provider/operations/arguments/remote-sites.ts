import * as z from "../../zod";
import type { RemoteSiteSettings } from "../../clients";
import { productTraits, type RemoteLoginTraits } from "../../clients/traits";
import type { Problem, Product } from "../../tasks";
import { hasToken, missingCredentials, type LoginPlace } from "./login";

/** How an endpoint's configuration says to log in to its remote sites, by their names. */
export const remoteSites = z.record(
  z.string(),
  z.strictObject({
    login: z.string().optional(),
    username: z.string().optional(),
    password: z.string().optional(),
    token: z.string().optional(),
    tokenCommand: z.string().optional(),
    org: z.string().optional(),
  }),
);

/** The remote sites of an endpoint as they are configured. */
export type RemoteSitesArguments = z.infer<typeof remoteSites>;

type RemoteSite = RemoteSitesArguments[string];

/** The way to log in to a remote site: the one that is named, else the only one that fits what is there. */
function loginOf(given: RemoteSite, logins: Readonly<Record<string, RemoteLoginTraits>>): string | undefined {
  if (given.login !== undefined) return given.login;
  const wanted = hasToken(given)
    ? "token"
    : given.username !== undefined || given.password !== undefined
      ? "password"
      : "org";
  const fitting = Object.keys(logins).filter((name) => logins[name]?.needs === wanted);
  // A guess would send a token to the wrong door.
  if (fitting.length !== 1 || (wanted === "org" && given.org === undefined)) return undefined;
  return fitting[0];
}

function problemsOfSite(
  given: RemoteSite,
  logins: Readonly<Record<string, RemoteLoginTraits>>,
  place: LoginPlace,
): Problem[] {
  const names = Object.keys(logins).join(", ");
  const login = loginOf(given, logins);
  const path = `${place.path}.login`;
  if (login === undefined)
    return [{ path, message: `is missing: how to log in to the site, one of ${names}` }];
  const traits = logins[login];
  if (traits === undefined)
    return [{ path, message: `must be a way to log in to a remote site: one of ${names}` }];
  if (traits.needs === "org") {
    if (given.org !== undefined) return [];
    return [{ path: `${place.path}.org`, message: "is missing: the organization to act for" }];
  }
  return [
    ...missingCredentials(given, { needs: traits.needs, orToken: false }, place),
    ...(given.org === undefined
      ? []
      : [{ path: `${place.path}.org`, message: "belongs to the log-in multisite only" }]),
  ];
}

/** What is missing or wrong, so that remote sites cannot be logged in to; `placeOf` says where each is configured. */
export function remoteSiteProblems(
  given: RemoteSitesArguments,
  product: Product,
  placeOf: (site: string) => LoginPlace,
): Problem[] {
  const { remoteLogins } = productTraits[product];
  if (remoteLogins === undefined) return [];
  return Object.entries(given).flatMap(([site, one]) => problemsOfSite(one, remoteLogins, placeOf(site)));
}

/** The remote sites as a client needs them. */
export function toRemoteSites(
  given: RemoteSitesArguments,
  product: Product,
): Record<string, RemoteSiteSettings> {
  const { remoteLogins = {} } = productTraits[product];
  return Object.fromEntries(
    Object.entries(given).map(([site, one]) => [site, { ...one, login: loginOf(one, remoteLogins) ?? "" }]),
  );
}
