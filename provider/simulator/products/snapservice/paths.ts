// The paths of the Data Protection appliance.
export const root = "/api/snapservice/";
export const sessionsPath = `${root}sessions`;
export const aboutPath = `${root}info/about`;

export function isSnapservicePath(path: string): boolean {
  return path.startsWith(root);
}
