import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Every executable of that name on PATH, in order. */
export function allOnPath(name, path = process.env.PATH ?? "") {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  return [...new Set(folders)].map((folder) => join(folder, name)).filter(isExecutable);
}

/** A PATH that finds the programs of `folders` first. */
export function pathWith(folders, path = process.env.PATH ?? "") {
  return [...folders, ...path.split(delimiter).filter((folder) => !folders.includes(folder))].join(delimiter);
}
