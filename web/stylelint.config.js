// Directions are logical (Urdu runs from right to left), and colours have names: tokens.css alone
// says what they look like in light and in dark.
const COLOURS = "/(#[0-9a-f]{3,8}\\b|\\b(rgb|hsl|oklch|lab|lch|hwb|color)a?\\()/i";

export default {
  extends: ["stylelint-config-standard"],
  plugins: ["stylelint-use-logical"],
  rules: {
    "csstools/use-logical": ["always", { except: [] }],
    "color-named": "never",
    "color-no-hex": true,
    "declaration-property-value-disallowed-list": { "/.*/": [COLOURS] },
    "declaration-no-important": null,
    "media-feature-range-notation": "prefix", // phones of 2020 know no other
    // One rule on one line is how short rules are written here.
    "declaration-block-single-line-max-declarations": null,
    "declaration-empty-line-before": null,
    "rule-empty-line-before": null,
    "at-rule-empty-line-before": null,
    "comment-empty-line-before": null,
    "custom-property-empty-line-before": null,
    "no-descending-specificity": null,
    "selector-class-pattern": null,
    "property-no-vendor-prefix": [true, { ignoreProperties: ["text-size-adjust", "-webkit-text-size-adjust"] }],
  },
  overrides: [{
    files: ["**/tokens.css"],
    rules: { "color-no-hex": null, "declaration-property-value-disallowed-list": null },
  }],
};
