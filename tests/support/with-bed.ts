import { createBed, type Bed, type BedOptions } from "./operation-bed";

const beds: Bed[] = [];

/** A bed that is removed after the test. */
export function bedOf(options: BedOptions = {}): Bed {
  const bed = createBed(options);
  beds.push(bed);
  return bed;
}

afterEach(() => {
  for (const bed of beds.splice(0)) bed.remove();
});
