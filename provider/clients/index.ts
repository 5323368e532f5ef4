/**
 * One adapter a product: requests out, snapshots and errors of ours in. Errors of got and zod never
 * leave this room. It does not retry, wait or decide; that is the work of `watcher` and `operations`.
 */
import type { Product, ProductClient } from "../tasks";
import type { EndpointSettings } from "./http/endpoint-settings";
import { createSddcClient } from "./sddc-manager";
import { createSnapserviceClient } from "./snapservice";
import { createVcdaClient } from "./vcda";
import { createVcenterClient } from "./vcenter";

export type { EndpointSettings, RemoteSiteSettings } from "./http/endpoint-settings";

const clients: Readonly<Record<Product, (settings: EndpointSettings) => ProductClient>> = {
  vcenter: createVcenterClient,
  snapservice: createSnapserviceClient,
  "sddc-manager": createSddcClient,
  vcda: createVcdaClient,
};

/** Builds the client of an endpoint; nothing is sent before it is used. */
export function createClient(settings: EndpointSettings): ProductClient {
  return clients[settings.product](settings);
}
