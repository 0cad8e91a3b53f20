// Colours of skin and heat. The scales run in lightness away from the skin, evenly to the eye
// (CIELAB lightness; tests check the order), and pass through no pair that red-green blindness
// confuses, because lightness alone tells the order.

export const SKINS = { light: "#ecd0bc", medium: "#c39070", dark: "#6d4a38" };
// From mild to worst: on light skin towards dark plum, on dark skin towards pale yellow.
const ON_LIGHT = ["#eda781", "#de7f57", "#c5543d", "#99303c", "#651d3c", "#371230"];
const ON_DARK = ["#a8593c", "#c96f38", "#e28a36", "#f2ab47", "#fbcf6c", "#fff2b3"];
const APART = 7; // of lightness, between the skin and the mildest pain. Design value.
export const BRUISE = { light: [104, 82, 148], dark: [176, 166, 226] };
// Then and now: blue and orange stay apart for every kind of colour vision.
export const THEN = { light: [88, 142, 190], dark: [134, 186, 232] };
export const NOW = { light: [196, 92, 38], dark: [244, 164, 92] };
export const BOTH = { light: [110, 62, 96], dark: [238, 206, 214] };

export function rgbOf(text) {
  const hex = text.trim().replace("#", "");
  const full = hex.length === 3 ? [...hex].map((one) => one + one).join("") : hex;
  const number = /^[0-9a-f]{6}$/i.test(full) ? parseInt(full, 16) : 0xe3c3ab;
  return [(number >> 16) & 255, (number >> 8) & 255, number & 255];
}

// CIELAB lightness, 0 to 100.
export function lightness([r, g, b]) {
  const linear = (value) => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const y = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
}

// The chart's colours for an element: its own skin, or the theme's.
export function palette(element) {
  const wanted = element.getAttribute("skin");
  const skin = rgbOf(SKINS[wanted] ?? getComputedStyle(element).getPropertyValue("--skin"));
  const pale = lightness(skin) > 58;
  const kind = pale ? "light" : "dark";
  return {
    skin, pale,
    ground: rgbOf(getComputedStyle(element).getPropertyValue("--ground")),
    scale: scaleOn(skin, pale),
    bruise: BRUISE[kind], then: THEN[kind], now: NOW[kind], both: BOTH[kind],
  };
}

// That part of the scale that is clearly darker (or lighter) than the skin, in six even steps.
function scaleOn(skin, pale) {
  const whole = (pale ? ON_LIGHT : ON_DARK).map(rgbOf);
  const apart = (value) => (lightness(heat(whole, value)) - lightness(skin)) * (pale ? -1 : 1);
  let from = 0;
  while (from < 0.5 && apart(from) < APART) from += 0.02;
  return whole.map((_, i) => heat(whole, from + ((1 - from) * i) / (whole.length - 1)));
}

// A colour of the scale for a value from 0 to 1.
export function heat(scale, value) {
  const place = Math.max(0, Math.min(1, value)) * (scale.length - 1);
  const first = Math.min(Math.floor(place), scale.length - 2);
  return scale[first].map((part, k) => part + (scale[first + 1][k] - part) * (place - first));
}

// Patterns, so that no colour stands alone; those of the usual pain drawings where there are such.
export const MARKS = ["slash", "backslash", "level", "upright", "dots", "rings", "waves", "stipple"];
export const QUALITY_MARKS = {
  tight: ["upright"], sharp: ["slash"], burning: ["slash", "backslash"], throbbing: ["rings"],
  shooting: ["backslash"], tingling: ["dots"], numb: ["level"], cramping: ["waves"],
};
