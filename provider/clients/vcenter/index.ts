/** vCenter: sessions, CIS tasks and the requests that start them. */
export { createVcenterClient } from "./vcenter-client";
