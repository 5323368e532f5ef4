// The configuration of endpoints at a simulator.
import type { Simulator } from "../../provider/simulator";

/** The endpoints `vcenter`, `snap`, `sddc` and `vcda` of a simulator, as configuration. */
export function endpointsOf(
  simulator: Pick<Simulator, "url" | "username" | "password">,
  more: Record<string, unknown> = {},
): Record<string, object> {
  const { url, username, password } = simulator;
  return {
    vcenter: { product: "vcenter", url, username, password, ...more },
    snap: { product: "snapservice", url, username, password, ...more },
    sddc: { product: "sddc-manager", url, username, password, ...more },
    vcda: {
      product: "vcda",
      login: "localUser",
      url,
      username,
      password,
      remoteSites: { site2: { login: "credentials", username, password } },
      ...more,
    },
  };
}
