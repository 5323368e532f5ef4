/** VMware Cloud Director Availability: sessions over several sites, tasks and the requests that start them. */
export { createVcdaClient } from "./vcda-client";
