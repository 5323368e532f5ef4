// Lint rules. The import rules hold the one-way direction between the rooms (docs/architecture.md).
import { defineConfig } from "eslint/config";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Which rooms each room may import from. */
const rooms = {
  "provider/zod.ts": [],
  "provider/tasks": [],
  "provider/watcher": ["provider/tasks"],
  "provider/clients": ["provider/tasks", "provider/zod.ts"],
  "provider/operations": ["provider/clients", "provider/watcher", "provider/tasks", "provider/zod.ts"],
  "provider/resources": ["provider/operations", "provider/tasks"],
  "provider/simulator": [],
  sdk: ["provider/operations", "provider/tasks"],
};

/** Third parties with a known home. */
const homes = {
  got: ["provider/clients"],
  "proxy-agent": ["provider/clients"],
  zod: ["provider/zod.ts"],
  "@pulumi/pulumi": ["provider/resources", "sdk"],
  selfsigned: ["provider/simulator"],
};

const zones = Object.entries(rooms).flatMap(([room, allowed]) => [
  ...Object.keys(rooms)
    .filter((other) => other !== room && !allowed.includes(other))
    .map((other) => ({ target: `./${room}`, from: `./${other}` })),
  { target: `./${room}`, from: "./tests" },
  { target: `./${room}`, from: "./examples" },
]);

const homeRules = Object.keys(rooms).map((room) => ({
  files: [room.endsWith(".ts") ? room : `${room}/**/*.ts`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: Object.entries(homes)
          .filter(([, allowed]) => !allowed.includes(room))
          .map(([name, allowed]) => ({
            regex: `^${name}(?:/|$)`,
            message: `Its home is ${allowed.join(" and ")}.`,
          })),
      },
    ],
  },
}));

export default defineConfig(
  { ignores: ["dist/**", "**/node_modules/**"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver()] },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "import-x/no-cycle": "error",
      "import-x/no-duplicates": "error",
      "import-x/no-extraneous-dependencies": "error",
      "import-x/no-unassigned-import": "error",
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }],
    },
  },
  ...homeRules,
  { files: ["tests/**/*.ts", "examples/**/*.ts"], rules: { "import-x/no-extraneous-dependencies": "off" } },
  { files: ["**/*.mjs", "**/*.js"], extends: [tseslint.configs.base] },
);
