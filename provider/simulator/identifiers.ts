// Ids that are the same at every run: a counter in the shape of a UUID.

/** @internal */
export class Identifiers {
  readonly #uuidOf: (sequence: number) => string;
  readonly #counters = new Map<string, number>();
  #sequence = 0;

  constructor(uuidOf: (sequence: number) => string = countingUuid) {
    this.#uuidOf = uuidOf;
  }

  uuid(): string {
    this.#sequence += 1;
    return this.#uuidOf(this.#sequence);
  }

  /** `vm-101`, `vm-102`, …: inventory ids as vCenter numbers them, by kind. */
  numbered(prefix: string): string {
    const next = (this.#counters.get(prefix) ?? 100) + 1;
    this.#counters.set(prefix, next);
    return `${prefix}${String(next)}`;
  }
}

function countingUuid(sequence: number): string {
  return `52000000-0000-4000-8000-${String(sequence).padStart(12, "0")}`;
}
