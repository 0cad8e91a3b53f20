// How the skin is lit: a wide sky, a soft key light from the upper left, a thin rim; matt, a little
// warmer where light grazes and in folds. Patterns are drawn in the screen's own pixels, like
// hatching in an engraving, so that they stay crisp at every distance.

export const vertex = /* glsl */ `
attribute float hollow;
attribute vec4 tint;
attribute vec4 marksA;
attribute vec4 marksB;
varying vec3 vNormal;
varying vec3 vToEye;
varying float vHollow;
varying float vHeight;
varying vec4 vTint;
varying vec4 vMarksA;
varying vec4 vMarksB;
void main() {
  vec4 place = modelViewMatrix * vec4(position, 1.0);
  vNormal = normalMatrix * normal;
  vToEye = -place.xyz;
  vHollow = hollow;
  vHeight = position.y;
  vTint = tint;
  vMarksA = marksA;
  vMarksB = marksB;
  gl_Position = projectionMatrix * place;
}`;

export const fragment = /* glsl */ `
uniform vec3 skin;
uniform vec3 sky;
uniform vec3 bounce;
uniform vec3 key;
uniform vec3 rim;
uniform vec3 darkInk;
uniform vec3 paleInk;
uniform vec2 anchor;
uniform float grain;
varying vec3 vNormal;
varying vec3 vToEye;
varying float vHollow;
varying float vHeight;
varying vec4 vTint;
varying vec4 vMarksA;
varying vec4 vMarksB;

vec3 linear(vec3 c) { return pow(c, vec3(2.2)); }
float stroke(float x, float period, float half_width) {
  float d = abs(fract(x / period) - 0.5) * period;
  return 1.0 - smoothstep(half_width - 0.55, half_width + 0.55, d);
}
float ring(vec2 p, float period, float radius, float half_width) {
  vec2 row = vec2(p.x + 0.5 * period * mod(floor(p.y / period), 2.0), p.y);
  float d = length(fract(row / period) - 0.5) * period;
  return 1.0 - smoothstep(half_width - 0.5, half_width + 0.5, abs(d - radius));
}
float on(float mark) { return smoothstep(0.34, 0.46, mark); }

float ink(vec2 p) {
  float found = 0.0;
  found = max(found, on(vMarksA.x) * stroke((p.x - p.y) * 0.7071, 7.0, 0.75));
  found = max(found, on(vMarksA.y) * stroke((p.x + p.y) * 0.7071, 7.0, 0.75));
  found = max(found, on(vMarksA.z) * stroke(p.y, 6.0, 0.75));
  found = max(found, on(vMarksA.w) * stroke(p.x, 6.0, 0.75));
  found = max(found, on(vMarksB.x) * ring(p, 7.0, 0.0, 1.7));
  found = max(found, on(vMarksB.y) * ring(p, 9.0, 2.6, 0.7));
  found = max(found, on(vMarksB.z) * stroke(p.y + 1.8 * sin(p.x * 0.6), 7.0, 0.75));
  found = max(found, on(vMarksB.w) * ring(p, 5.0, 0.0, 1.05));
  return found;
}

void main() {
  vec3 n = normalize(vNormal);
  vec3 e = normalize(vToEye);
  float facing = clamp(dot(n, e), 0.0, 1.0);
  float lit = clamp((dot(n, normalize(vec3(-0.42, 0.62, 0.66))) + 0.42) / 1.42, 0.0, 1.0);
  float fill = clamp((dot(n, normalize(vec3(0.75, 0.1, 0.5))) + 0.3) / 1.3, 0.0, 1.0);
  vec3 light = mix(bounce, sky, 0.5 + 0.5 * n.y) + key * lit * lit * (1.6 - 0.6 * lit) + 0.22 * bounce * fill;

  float fold = clamp(-vHollow, 0.0, 1.0);
  vec3 base = skin;
  // Blood under thin skin: shadows and folds are warmer than plain grey would be.
  base *= mix(vec3(1.0), vec3(1.05, 0.9, 0.84), 0.55 * fold + 0.5 * (1.0 - lit) * (1.0 - lit));
  base *= mix(vec3(0.955, 0.9, 0.875), vec3(1.0), smoothstep(0.12, 0.85, facing));

  vec3 tint = linear(vTint.rgb / max(vTint.a, 0.004));
  float cover = smoothstep(0.05, 0.6, vTint.a);
  base = mix(base, tint, 0.95 * cover);
  // Dark ink above the lightness at which both inks stand out alike, pale ink below.
  float inked = ink((gl_FragCoord.xy - anchor) / grain);
  float light_base = dot(base, vec3(0.2126, 0.7152, 0.0722));
  base = mix(base, mix(paleInk, darkInk, smoothstep(0.165, 0.185, light_base)), 0.72 * inked);

  // Folds model the skin; over a drawing they would look like another colour of the scale.
  float occluded = 1.0 + (0.1 * clamp(vHollow, 0.0, 1.0) - 0.42 * fold) * (1.0 - 0.7 * cover);
  vec3 colour = base * light * occluded;
  float edge = pow(1.0 - facing, 3.2);
  colour += rim * edge * (0.45 + 0.55 * n.y) * (1.0 - 0.5 * cover);
  // Feet stand in their own soft shade.
  colour *= mix(0.86, 1.0, smoothstep(0.0, 9.0, vHeight));
  gl_FragColor = vec4(colour, 1.0);
  #include <colorspace_fragment>
}`;

// A soft shadow under the feet.
export const shadowVertex = /* glsl */ `
varying vec2 vPlace;
void main() { vPlace = uv * 2.0 - 1.0; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }`;
export const shadowFragment = /* glsl */ `
uniform float strength;
varying vec2 vPlace;
void main() { float d = length(vPlace); gl_FragColor = vec4(vec3(0.08, 0.05, 0.03), strength * pow(max(0.0, 1.0 - d), 1.7)); }`;
