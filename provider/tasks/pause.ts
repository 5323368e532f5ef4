const shortestPauseMs = 1_000;

/**
 * How long to leave a server alone that gave no good answer, in milliseconds: as it wishes (`Retry-After`), or else as we would.
 * A second at least, whatever it, a page of its proxy or a policy says: a wish for no pause is no leave to ask without end.
 */
export function pauseAsWished(wishedMs: number | undefined, ownMs: number): number {
  return Math.max(wishedMs ?? ownMs, shortestPauseMs);
}
