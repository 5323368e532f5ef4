import { EndpointFaultError, hasCode } from "../../tasks";
import { createSharedWait } from "./shared-wait";

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
  /** The session; logs in once, however many ask. A signal ends the caller's wait; the log-in ends with the last one. */
  get(signal: AbortSignal): Promise<Session>;
  /** A new session in place of one that the server no longer takes; one for all who ask. */
  replace(old: Session, signal: AbortSignal): Promise<Session>;
  /** Tells of a session that was refused although it is new: a newer one would fare no better for a while. */
  notTaken(session: Session): void;
  /** Logs out; what is asked for later logs in again. */
  close(signal: AbortSignal): Promise<void>;
}

// Long enough that many operations make no storm of log-ins, short enough to notice when the server is mended.
const notTakenForMs = 60_000;

/** A fault of a log-in says nothing of the request that needed it: that one never left. */
function asUnsent(error: unknown): unknown {
  if (!hasCode(error, "VMWARE_ENDPOINT_FAULT") || error.fault.sent === "no") return error;
  return new EndpointFaultError(error.message, { ...error.fault, sent: "no" });
}

/** Whether the same request may be answered well later. */
function mayPass(error: unknown): boolean {
  return (
    hasCode(error, "VMWARE_ENDPOINT_FAULT") &&
    // Pages and redirects are a gateway's: what the server itself refuses, the driver says by another error.
    ["network", "throttled", "server", "malformed", "redirect"].includes(error.fault.faultClass)
  );
}

/** Builds a holder. Credentials that were refused once are not sent again, for that locks accounts. */
export function createSessionHolder<Session>(driver: SessionDriver<Session>): SessionHolder<Session> {
  // A log-in serves many callers, so none of their signals alone ends it.
  let controller = new AbortController();
  let current: Promise<Session> | undefined;
  let isLoggingIn = false;
  let refused: Error | undefined;
  // Kept until there is a new session: where the credentials have ended meanwhile, as an id token does, there is no
  // other way to one.
  let renewable: Session | undefined;
  let useless: { readonly session: Session; readonly until: number } | undefined;

  const logIn = async (signal: AbortSignal): Promise<Session> => {
    if (refused !== undefined) throw refused;
    try {
      return await driver.logIn(signal);
    } catch (error) {
      const isLogin = hasCode(error, "VMWARE_ENDPOINT_FAULT") && error.fault.faultClass === "login";
      // Without a status it was no server that refused: a `tokenCommand` that failed may work later.
      if (isLogin && error.fault.httpStatus !== undefined) refused = error;
      throw error;
    }
  };

  const hold = (create: (signal: AbortSignal) => Promise<Session>): Promise<Session> => {
    isLoggingIn = true;
    const attempt = create(controller.signal).catch((error: unknown) => {
      if (current === attempt) current = undefined;
      throw asUnsent(error);
    });
    current = attempt;
    const end = (): void => {
      if (current === attempt || current === undefined) isLoggingIn = false;
    };
    attempt.then(() => {
      if (current === attempt) renewable = undefined;
      end();
    }, end);
    return attempt;
  };

  const abandon = (): void => {
    controller.abort();
    controller = new AbortController();
    current = undefined;
    isLoggingIn = false;
  };

  const wait = createSharedWait(() => {
    if (isLoggingIn) abandon();
  });

  const renewed = async (old: Session, signal: AbortSignal): Promise<Session> => {
    if (driver.renew === undefined) return logIn(signal);
    renewable = old;
    try {
      return await driver.renew(old, signal);
    } catch (error) {
      signal.throwIfAborted();
      const isPassing = mayPass(error);
      if (!isPassing) renewable = undefined;
      return logIn(signal).catch((failure: unknown) => {
        // A refused log-in would end all waits, though the next renewal may go well.
        throw isPassing ? error : failure;
      });
    }
  };

  const replace = async (old: Session, signal: AbortSignal): Promise<Session> => {
    const seen = current;
    const held = await seen?.catch(() => undefined);
    // Nothing is begun for one who has left meanwhile.
    signal.throwIfAborted();
    if (current !== undefined && current !== seen) return current;
    if (held !== undefined && held !== old) return held;
    if (old === useless?.session && performance.now() < useless.until) return old;
    return hold((ending) => renewed(old, ending));
  };

  const get = async (signal: AbortSignal): Promise<Session> => {
    const old = renewable;
    const session = await (current ??
      hold((ending) => (old === undefined ? logIn(ending) : renewed(old, ending))));
    return driver.isEnding?.(session) === true ? replace(session, signal) : session;
  };

  return {
    get: (signal) => wait(() => get(signal), signal),
    replace: (old, signal) => wait(() => replace(old, signal), signal),
    notTaken(session) {
      // Told with each request meanwhile, which must not put the next log-in off.
      if (session === useless?.session) return;
      useless = { session, until: performance.now() + notTakenForMs };
    },
    async close(signal) {
      const closing = current;
      abandon();
      const session = (await closing?.catch(() => undefined)) ?? renewable;
      renewable = undefined;
      if (session !== undefined) await driver.logOut(session, signal).catch(() => undefined);
    },
  };
}
