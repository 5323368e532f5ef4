import { skipsCheckpoints } from "../../../provider/resources/skips-checkpoints";

test.each([
  { value: undefined, skips: false },
  { value: "", skips: false },
  { value: "0", skips: false },
  { value: "false", skips: false },
  // Pulumi only warns of it.
  { value: "yes", skips: false },
  { value: "1", skips: true },
  { value: "true", skips: true },
  { value: "TRUE", skips: true },
])("PULUMI_SKIP_CHECKPOINTS=$value: $skips", ({ value, skips }) => {
  expect(skipsCheckpoints({ PULUMI_SKIP_CHECKPOINTS: value })).toBe(skips);
});
