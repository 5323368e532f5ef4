import { productTraits } from "../../clients/traits";
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

const hasToken = ({ token, tokenCommand }: LoginArguments): boolean =>
  token !== undefined || tokenCommand !== undefined;

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
  if (traits.needs === "token") {
    if (hasToken(given)) return [];
    return [
      {
        path: `${path}.token`,
        message: `is missing: set it as a secret of the configuration, as the variable ${variable("token")}, or give \`tokenCommand\``,
      },
    ];
  }
  const others = Object.values(logins).some(({ needs }) => needs === "token")
    ? ", or give `token` or `tokenCommand` instead"
    : "";
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
