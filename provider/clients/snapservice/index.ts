/** Snapservice, the vSAN Data Protection appliance: sessions, tasks and the requests that start them. */
export { createSnapserviceClient } from "./snapservice-client";
