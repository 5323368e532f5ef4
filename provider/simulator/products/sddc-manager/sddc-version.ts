// The versions of VMware Cloud Foundation whose dialects are spoken, oldest first.

/** A version of VMware Cloud Foundation; "5.2" speaks as 5.2.1 does. */
export type SddcVersion = "4.5" | "5.1" | "5.2" | "9.0" | "9.1";

export const sddcVersions: readonly SddcVersion[] = ["4.5", "5.1", "5.2", "9.0", "9.1"];

export function isAtLeast(version: SddcVersion, least: SddcVersion): boolean {
  return sddcVersions.indexOf(version) >= sddcVersions.indexOf(least);
}
