/** SDDC Manager: tokens, tasks and the requests that start them. */
export { createSddcClient } from "./sddc-client";
