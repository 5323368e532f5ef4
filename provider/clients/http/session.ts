import { hasCode } from "../../tasks";

/** How one product logs in and out. */
export interface SessionDriver<Session> {
  /** @throws EndpointFaultError of class `login` when the credentials are refused */
  logIn(signal: AbortSignal): Promise<Session>;
  /** A cheaper way to a new session than to log in; when it fails, the holder logs in. */
  renew?(old: Session, signal: AbortSignal): Promise<Session>;
  logOut(session: Session, signal: AbortSignal): Promise<void>;
  /** Whether the session is about to end by itself. */
  isEnding?(session: Session): boolean;
}

/** One session for everything that is sent to an endpoint. */
export interface SessionHolder<Session> {
  /** The session; logs in once, however many ask. */
  get(): Promise<Session>;
  /** A new session in place of one that the server no longer takes; one for all who ask. */
  replace(old: Session): Promise<Session>;
  /** Logs out; what is asked for later logs in again. */
  close(signal: AbortSignal): Promise<void>;
}

/** Builds a holder. Credentials that were refused once are not sent again, for that locks accounts. */
export function createSessionHolder<Session>(driver: SessionDriver<Session>): SessionHolder<Session> {
  // A log-in serves many callers, so none of their signals ends it.
  let controller = new AbortController();
  let current: Promise<Session> | undefined;
  let refused: Error | undefined;

  const hold = (create: () => Promise<Session>): Promise<Session> => {
    if (refused !== undefined) return Promise.reject(refused);
    const attempt = create().catch((error: unknown) => {
      if (current === attempt) current = undefined;
      if (hasCode(error, "VMWARE_ENDPOINT_FAULT") && error.fault.faultClass === "login") refused = error;
      throw error;
    });
    current = attempt;
    return attempt;
  };

  const renewed = async (old: Session): Promise<Session> => {
    if (driver.renew === undefined) return driver.logIn(controller.signal);
    try {
      return await driver.renew(old, controller.signal);
    } catch {
      return driver.logIn(controller.signal);
    }
  };

  const replace = async (old: Session): Promise<Session> => {
    const seen = current;
    const held = await seen?.catch(() => undefined);
    if (current !== undefined && current !== seen) return current;
    if (held !== undefined && held !== old) return held;
    return hold(() => renewed(old));
  };

  return {
    async get() {
      const session = await (current ?? hold(() => driver.logIn(controller.signal)));
      return driver.isEnding?.(session) === true ? replace(session) : session;
    },
    replace,
    async close(signal) {
      const closing = current;
      current = undefined;
      controller.abort();
      controller = new AbortController();
      const session = await closing?.catch(() => undefined);
      if (session !== undefined) await driver.logOut(session, signal).catch(() => undefined);
    },
  };
}
