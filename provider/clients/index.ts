/**
 * One adapter a product: requests out, snapshots and errors of ours in. Errors of got and zod never
 * leave this room. It does not retry, wait or decide; that is the work of `watcher` and `operations`.
 */
import type { Product, ProductClient } from "../tasks";
import type { EndpointSettings } from "./http/endpoint-settings";
import type * as sddcManager from "./sddc-manager";
import type * as snapservice from "./snapservice";
import type * as vcda from "./vcda";
import type * as vcenter from "./vcenter";

export type { EndpointSettings, RemoteSiteSettings } from "./http/endpoint-settings";

// Not imports, for those would load all four products in every process.
/* eslint-disable @typescript-eslint/no-require-imports */
const creators: Readonly<Record<Product, () => (settings: EndpointSettings) => ProductClient>> = {
  vcenter: () => (require("./vcenter") as typeof vcenter).createVcenterClient,
  snapservice: () => (require("./snapservice") as typeof snapservice).createSnapserviceClient,
  "sddc-manager": () => (require("./sddc-manager") as typeof sddcManager).createSddcClient,
  vcda: () => (require("./vcda") as typeof vcda).createVcdaClient,
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** Builds the client of an endpoint, from modules that are loaded when a product is first used; nothing is sent yet. */
export function createClient(settings: EndpointSettings): ProductClient {
  return creators[settings.product]()(settings);
}
