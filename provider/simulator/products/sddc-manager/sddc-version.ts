// The versions of VMware Cloud Foundation whose dialects are spoken, oldest first.

export const sddcVersions = ["4.5", "5.1", "5.2", "9.0", "9.1"] as const;

/** A version of VMware Cloud Foundation; "5.2" speaks as 5.2.1 does. */
export type SddcVersion = (typeof sddcVersions)[number];

export function isAtLeast(version: SddcVersion, least: SddcVersion): boolean {
  return sddcVersions.indexOf(version) >= sddcVersions.indexOf(least);
}
