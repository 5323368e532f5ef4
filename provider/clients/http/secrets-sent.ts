import { isSecretName, secretsIn, type ApiRequest } from "../../tasks";

/** Where a body may be a token and nothing else, in a request and in its answer. */
export const tokenPath = /\/(tokens|sessions?)(\/|$)/;

/** A header's value and what follows its scheme: `Basic …`, `Bearer …`, `SIGN token="…"`. */
function partsOf(value: string): string[] {
  const [, proof] = /^[A-Za-z]+ (.+)$/s.exec(value) ?? [];
  const quoted = [...value.matchAll(/="([^"]+)"/g)].map(([, part = ""]) => part);
  return [value, ...(proof === undefined ? [] : [proof]), ...quoted];
}

/** What leaves; `text` is a body that is no JSON. */
interface Sent extends ApiRequest {
  readonly text?: string | undefined;
}

/** The secrets that leave with a request: credentials and tokens in its headers, password-like fields of its body. */
export function secretsSent({ path, query, headers = {}, body, text }: Sent): string[] {
  const inHeaders = Object.entries(headers).flatMap(([name, value]) =>
    isSecretName(name) ? partsOf(value) : [],
  );
  const bare = tokenPath.test(path) ? [body, text].filter((one) => typeof one === "string") : [];
  return [...inHeaders, ...bare, ...secretsIn([path, query, body])];
}
