import { EndpointFaultError, type ApiRequest } from "../../tasks";
import type { EndpointSettings, RemoteSiteSettings } from "../http/endpoint-settings";
import { refusesLogIn, replyFault } from "../http/fault";
import { createSessionHolder, type SessionHolder } from "../http/session";
import { ownToken } from "../http/token-command";
import { errorOfBody } from "./errors";
import type { Deliver, VcdaSession } from "./session";

/** That a session has been logged in to a remote site. */
export interface Extension {
  readonly session: VcdaSession;
}

/** The remote sites of one endpoint and what we are logged in to. */
export interface RemoteSites {
  /** What is extended now, by site. */
  current(): ReadonlyMap<string, Extension>;
  /** The site that a refused request needs: the one that the server names, the request's, or the only one there is. */
  siteOf(request: ApiRequest, named: readonly string[]): string;
  /** Extends the session to a site once for all who ask; `seen` is the extension under which the caller was refused. */
  extend(site: string, seen: Extension | undefined, signal: AbortSignal): Promise<Extension>;
  /** The error for a site that goes on refusing after a log-in that it took. */
  unheeded(site: string): EndpointFaultError;
  forget(signal: AbortSignal): Promise<void>;
}

/** The site that a request's own query names. */
export function siteInQuery({ path, query }: ApiRequest): string | undefined {
  const given = query?.site ?? new URLSearchParams(path.split("?")[1] ?? "").get("site") ?? undefined;
  return given === undefined || given === "" ? undefined : String(given);
}

function means({ login, tokenCommand }: RemoteSiteSettings): string {
  if (login === "credentials") return "`username` and `password`";
  if (login === "multisite") return "`org`, and that the sites trust each other,";
  return tokenCommand === undefined ? "`token`" : "`tokenCommand`";
}

/** Logs a session in to remote sites by `POST /sessions/extend` (VCDA API 4.5 and later). */
export function createRemoteSites(
  deliver: Deliver,
  settings: EndpointSettings,
  session: SessionHolder<VcdaSession>,
): RemoteSites {
  const sites = settings.remoteSites ?? {};
  const extensions = new Map<string, Extension>();
  const holders = new Map<string, SessionHolder<Extension>>();

  const fault = (text: string, httpStatus = 401): EndpointFaultError =>
    new EndpointFaultError(text, { faultClass: "login", sent: "no", httpStatus });

  const configured = (site: string): RemoteSiteSettings => {
    const found = Object.hasOwn(sites, site) ? sites[site] : undefined;
    if (found !== undefined) return found;
    throw fault(
      `Site "${site}" of endpoint "${settings.name}" wants a log-in of its own (RemoteAuthenticationFailure), and ` +
        `there is none: configure \`remoteSites.${site}\` of endpoint "${settings.name}", with \`login\` and its credentials.`,
    );
  };

  /** The body of `POST /sessions/extend`; its field names differ from those of a log-in. */
  const credentialsOf = async (site: string, signal: AbortSignal): Promise<Record<string, unknown>> => {
    const own = configured(site);
    const { login: type, username, password, tokenCommand, org } = own;
    const source = { ...settings, token: own.token, tokenCommand };
    const token = (): Promise<string> =>
      ownToken(source, signal, `remote site "${site}" of endpoint "${settings.name}"`);
    switch (type) {
      case "cookie":
        return { type, site, cookie: await token() };
      case "vcdAccessToken":
        return { type, site, vcdAccessToken: await token() };
      case "multisite":
        return { type, site, org };
      default:
        return { type, site, vcdUsername: username, vcdPassword: password };
    }
  };

  const extend = async (site: string, signal: AbortSignal): Promise<Extension> => {
    const body = await credentialsOf(site, signal);
    const held = await session.get(signal);
    const request: ApiRequest = { method: "POST", path: "/sessions/extend", body };
    const reply = await deliver(request, held, signal);
    if (refusesLogIn(reply, [400, 403, 404])) {
      const [cause] = errorOfBody(reply.body)?.causes ?? [];
      const reason = [cause?.code, cause?.message ?? "no reason given."].filter(Boolean).join(": ");
      throw fault(
        `Remote site "${site}" of endpoint "${settings.name}" (${settings.url}) refused the log-in with HTTP ` +
          `${reply.status}: ${reason} Check the name of the site, and ${means(configured(site))} of ` +
          `\`remoteSites.${site}\`. It was tried once and is not tried again in this deployment, for repeated tries ` +
          "lock accounts. Tasks of other sites go on.",
        reply.status,
      );
    }
    if (reply.status < 200 || reply.status > 299) throw replyFault(settings, request, reply);
    const extension = { session: held };
    extensions.set(site, extension);
    return extension;
  };

  const holderOf = (site: string): SessionHolder<Extension> => {
    let holder = holders.get(site);
    if (holder === undefined) {
      holder = createSessionHolder<Extension>({
        logIn: (signal) => extend(site, signal),
        // The end of the session itself ends all that it was extended to.
        logOut: () => Promise.resolve(),
      });
      holders.set(site, holder);
    }
    return holder;
  };

  return {
    current: () => new Map(extensions),
    siteOf(request, named) {
      const names = Object.keys(sites);
      const site =
        named.find((name) => names.includes(name)) ??
        siteInQuery(request) ??
        (names.length === 1 ? names[0] : undefined);
      if (site !== undefined) return site;
      const known = names.length > 0 ? `it has: ${names.join(", ")}` : "it has none";
      throw fault(
        `Endpoint "${settings.name}" wants a log-in at a remote site (RemoteAuthenticationFailure) and does not say ` +
          `which: give the operation its \`site\`, and see \`remoteSites\` of endpoint "${settings.name}" (${known}).`,
      );
    },
    extend: (site, seen, signal) =>
      seen === undefined ? holderOf(site).get(signal) : holderOf(site).replace(seen, signal),
    unheeded: (site) =>
      fault(
        `Site "${site}" of endpoint "${settings.name}" took the log-in of \`remoteSites.${site}\` and refuses requests ` +
          "all the same (RemoteAuthenticationFailure). Check what that user may do there.",
      ),
    async forget(signal) {
      extensions.clear();
      await Promise.all([...holders.values()].map((holder) => holder.close(signal)));
    },
  };
}
