import { productTraits, type LoginTraits } from "../../clients/traits";
import type { Problem, Product } from "../../tasks";

/** What of an endpoint's configuration says how to log in. */
export interface LoginArguments {
  readonly product: Product;
  readonly login?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  readonly tokenCommand?: string | undefined;
}

/** Where the fields are configured, for messages. */
export interface LoginPlace {
  readonly path: string;
  /** The environment variable that replaces a field. */
  readonly variable: (field: string) => string;
}

/** The secrets of a log-in, of an endpoint or of a remote site. */
export type Credentials = Pick<LoginArguments, "username" | "password" | "token" | "tokenCommand">;

export const hasToken = ({ token, tokenCommand }: Credentials): boolean =>
  token !== undefined || tokenCommand !== undefined;

/** What of the secrets that a way to log in needs is not there; `orToken`: a token would do instead of a password. */
export function missingCredentials(
  given: Credentials,
  { needs, orToken }: { readonly needs: LoginTraits["needs"]; readonly orToken: boolean },
  { path, variable }: LoginPlace,
): Problem[] {
  if (needs === "token") {
    if (hasToken(given)) return [];
    return [
      {
        path: `${path}.token`,
        message: `is missing: set it as a secret of the configuration, as the variable ${variable("token")}, or give \`tokenCommand\``,
      },
    ];
  }
  const others = orToken ? ", or give `token` or `tokenCommand` instead" : "";
  return [
    ...(given.username === undefined ? [{ path: `${path}.username`, message: "is missing" }] : []),
    ...(given.password === undefined
      ? [
          {
            path: `${path}.password`,
            message: `is missing: set it as a secret of the configuration, as the variable ${variable("password")}${others}`,
          },
        ]
      : []),
  ];
}

/** The way to log in: the one that is named, else the first that fits the credentials. */
export function loginOf(given: LoginArguments): string | undefined {
  if (given.login !== undefined) return given.login;
  const { logins, mustChooseLogin } = productTraits[given.product];
  if (mustChooseLogin) return undefined;
  const wanted = hasToken(given) ? "token" : "password";
  return Object.keys(logins).find((name) => logins[name]?.needs === wanted);
}

/** What is missing or wrong, so that an endpoint cannot be logged in to. */
export function loginProblems(given: LoginArguments, { path, variable }: LoginPlace): Problem[] {
  const { title, logins } = productTraits[given.product];
  const login = loginOf(given);
  const names = Object.keys(logins).join(", ");
  if (login === undefined)
    return [{ path: `${path}.login`, message: `is missing: how to log in to ${title}, one of ${names}` }];
  const traits = logins[login];
  if (traits === undefined)
    return [{ path: `${path}.login`, message: `must be a way to log in to ${title}: one of ${names}` }];
  const isGuessed = given.login === undefined;
  const orToken = isGuessed && Object.values(logins).some(({ needs }) => needs === "token");
  return [
    ...missingCredentials(given, { needs: traits.needs, orToken }, { path, variable }),
    ...foreignFields(given, login, path),
  ];
}

/** Fields that belong to another product, or to another way to log in: read, they would be ignored. */
function foreignFields(given: LoginArguments, login: string, path: string): Problem[] {
  const { title, logins, endpointFields = [] } = productTraits[given.product];
  const all = Object.values(productTraits).flatMap((traits) => traits.endpointFields ?? []);
  const ofLogin = Object.values(logins).flatMap(({ takes = [] }) => takes);
  return [...new Set(all)].flatMap((field) => {
    if ((given as unknown as Record<string, unknown>)[field] === undefined) return [];
    if (!endpointFields.includes(field))
      return [{ path: `${path}.${field}`, message: `${title} has no such field; leave it out` }];
    if (!ofLogin.includes(field) || logins[login]?.takes?.includes(field) === true) return [];
    const takers = Object.keys(logins).filter((name) => logins[name]?.takes?.includes(field) === true);
    return [{ path: `${path}.${field}`, message: `belongs to the log-in ${takers.join(", ")} only` }];
  });
}
