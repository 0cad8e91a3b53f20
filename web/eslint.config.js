// Scripts run in browsers without a build step; tests of the elements run in node.
import js from "@eslint/js";
import globals from "globals";

const style = {
  "no-var": "error",
  "prefer-const": "error",
  "eqeqeq": "error",
  "no-implicit-globals": "error",
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-shadow": "error",
  "no-unused-vars": ["error", { caughtErrors: "all", argsIgnorePattern: "^_" }],
  "no-restricted-properties": ["error", { property: "outerHTML", message: "Swap nodes, not text." }],
  "max-len": ["error", { code: 160 }],
};

export default [
  { ignores: ["build/", "collected/", "node_modules/"] },
  js.configs.recommended,
  { files: ["filiform/**/*.js"], languageOptions: { globals: globals.browser }, rules: style },
  { files: ["tests/**/*.js", "*.config.js"], languageOptions: { globals: { ...globals.node, ...globals.browser } }, rules: style },
];
