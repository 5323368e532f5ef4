// The environment that commands run in: the Node and the CLI of set-up, and no Pulumi settings but our own.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { mkdirSync } from "node:fs";
import { allOnPath, pathWith } from "./executables.mjs";

/** The environment with this Node and, when it is known, this CLI first on PATH. */
export function environmentWith({ node, cli }, env = process.env) {
  const folders = [];
  if (cli && allOnPath("pulumi", env.PATH)[0] !== join(cli.folder, "pulumi")) folders.push(cli.folder);
  if (allOnPath("node", env.PATH)[0] !== node.path) folders.push(node.folder);
  return { ...env, PATH: pathWith(folders, env.PATH) };
}

/**
 * The same without a person's own Pulumi account, settings and real endpoints: everything that Pulumi and the
 * package remember goes into `folder`.
 */
export function hermetic(env, { folder, passphrase }) {
  const own = Object.entries(env).filter(([name]) => !/^(PULUMI|VMWARE_TASKS)_/.test(name));
  const folders = {
    home: join(folder, "home"),
    state: join(folder, "state"),
    journal: join(folder, "journal"),
  };
  for (const path of Object.values(folders)) mkdirSync(path, { recursive: true });
  const direct = ["127.0.0.1", "localhost", env.NO_PROXY ?? env.no_proxy].filter(Boolean).join(",");
  return {
    ...Object.fromEntries(own),
    PULUMI_HOME: folders.home,
    PULUMI_BACKEND_URL: pathToFileURL(folders.state).href,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    VMWARE_TASKS_STATE_DIR: folders.journal,
    NO_PROXY: direct,
    no_proxy: direct,
  };
}
