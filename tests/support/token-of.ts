import type { Simulator } from "../../provider/simulator";
import type { Product } from "../../provider/tasks";

const logIns: Record<Product, string> = {
  vcenter: "/api/session",
  snapservice: "/api/snapservice/sessions",
  "sddc-manager": "/v1/tokens",
  vcda: "/sessions",
};

/** Logs in at a simulator: a token that it takes, which the package has not had itself. */
export async function tokenOf(
  { url, username, password }: Pick<Simulator, "url" | "username" | "password">,
  product: Product,
): Promise<string> {
  const given =
    product === "vcda"
      ? { type: "localUser", localUser: username, localPassword: password }
      : { username, password };
  const response = await fetch(url + logIns[product], {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
    },
    ...(logIns[product].startsWith("/api/") ? {} : { body: JSON.stringify(given) }),
  });
  const header = response.headers.get("x-vcav-auth");
  if (header !== null) return header;
  const body = (await response.json()) as string | { accessToken: string };
  return typeof body === "string" ? body : body.accessToken;
}
