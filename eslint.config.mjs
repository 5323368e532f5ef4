// Lint rules. The import rules hold the one-way direction between the rooms (docs/architecture.md).
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Which rooms each room may import from; everything else among ours is refused. */
const rooms = {
  "provider/tasks": [],
  "provider/watcher": ["provider/tasks"],
  "provider/clients": ["provider/tasks"],
  "provider/operations": ["provider/clients", "provider/watcher", "provider/tasks"],
  "provider/resources": ["provider/operations", "provider/tasks"],
  "provider/simulator": [],
  sdk: ["provider/operations", "provider/tasks"],
};

const zones = Object.entries(rooms).map(([room, allowed]) => ({
  target: `./${room}`,
  from: ["./provider", "./sdk", "./examples", "./tests"],
  except: [room, ...allowed].map((name) => `**/${name.split("/").at(-1)}/**`),
  message: `${room} may import only ${[...allowed, "itself"].join(", ")}.`,
}));

/** Third parties with a known home. */
const homes = [
  { files: ["provider/**", "sdk/**"], allow: ["provider/clients/**"], names: ["got", "proxy-agent"] },
  {
    files: ["provider/**", "sdk/**"],
    allow: ["provider/resources/**", "sdk/**"],
    names: ["@pulumi/pulumi"],
  },
  { files: ["provider/**", "sdk/**"], allow: ["provider/clients/**", "provider/operations/**"], names: ["zod"] },
];

export default tseslint.config(
  { ignores: ["dist/**", "**/node_modules/**"] },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver()] },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "import-x/no-cycle": "error",
      "import-x/no-extraneous-dependencies": "error",
      "import-x/no-unassigned-import": "error",
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }],
    },
  },
  ...homes.map(({ files, allow, names }) => ({
    files,
    ignores: allow,
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: names.flatMap((name) => [name, `${name}/*`]), message: `Its home is ${allow.join(" or ")}.` }] },
      ],
    },
  })),
  { files: ["tests/**/*.ts", "examples/**/*.ts"], rules: { "import-x/no-extraneous-dependencies": "off" } },
  { files: ["**/*.mjs", "**/*.js"], extends: [tseslint.configs.base] },
);
