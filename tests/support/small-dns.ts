// Names that this process alone knows, and that can cease to be known: what a broken resolver looks like to a client.
import dns, { type LookupAddress } from "node:dns";

type Callback = (error: NodeJS.ErrnoException | null, address?: string | LookupAddress[], family?: 4) => void;

/** A name for this machine. */
export interface Name {
  readonly host: string;
  /** Whether it resolves; as one that does not, it is unknown. */
  isKnown: boolean;
}

const names = new Map<string, Name>();
const original = dns.lookup;

/** Replaces the resolver of this process for made-up names; all others are looked up as before. */
export function createName(host: string): Name {
  // net and tls take the function from the module at each connection.
  dns.lookup = lookup as typeof dns.lookup;
  const name = { host, isKnown: true };
  names.set(host, name);
  return name;
}

/** Forgets all made-up names. */
export function forgetNames(): void {
  names.clear();
  dns.lookup = original;
}

function lookup(host: string, options: { all?: boolean }, callback: Callback): void {
  const name = names.get(host);
  if (name === undefined) {
    original(host, options as never, callback as never);
    return;
  }
  const { isKnown } = name;
  process.nextTick(() => {
    if (isKnown) {
      if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
      else callback(null, "127.0.0.1", 4);
      return;
    }
    const error = new Error(`getaddrinfo ENOTFOUND ${host}`);
    callback(
      Object.assign(error, { code: "ENOTFOUND", errno: -3008, syscall: "getaddrinfo", hostname: host }),
    );
  });
}
