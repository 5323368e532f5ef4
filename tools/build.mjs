// npm run build: compiles the package into dist/, with everything that needs set up first.
import { command } from "./setup/command.mjs";
import { prepare } from "./setup/prepare.mjs";

await command(async () => {
  await prepare({ withCli: false });
  return 0;
});
