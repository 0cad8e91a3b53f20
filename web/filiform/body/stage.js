// The picture: one body, one camera that goes around it, drawn only when something changed.

import {
  BufferAttribute, BufferGeometry, Color, DoubleSide, DynamicDrawUsage, LineBasicMaterial, LineSegments, Mesh,
  PerspectiveCamera, PlaneGeometry, Scene, ShaderMaterial, Vector2, Vector3, WebGLRenderer,
} from "../../three/three.module.min.js";
import { fragment, shadowFragment, shadowVertex, vertex } from "./shader.js";

const LENS_DEGREES = 18; // long, so that nothing looks distorted
const TURN_MS = 420;
const MOST_PIXELS = 2; // device pixels for a CSS pixel, at most
const FOOT_PX = 68;
const CLOSEST_CM = 45;
// In radians: straight from above the camera would not know where up is.
const STEEPEST = 1.35;

export class Stage {
  // draws: called after each frame. Throws when there is no WebGL.
  constructor(canvas, { onFrame, onLost, onBack }) {
    this.canvas = canvas;
    this.onFrame = onFrame;
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.renderer.setClearAlpha(0);
    this.scene = new Scene();
    this.camera = new PerspectiveCamera(LENS_DEGREES, 1, 20, 3000);
    this.view = { x: 0, y: 85, z: 0, yaw: 0, pitch: 0, away: 600 };
    this.whole = { ...this.view };
    this.moved = false; // by hand
    // Without it the browser never gives the context back.
    this.lost = (event) => { event.preventDefault(); onLost(); };
    this.back = () => { onBack(); this.draw(); };
    canvas.addEventListener("webglcontextlost", this.lost);
    canvas.addEventListener("webglcontextrestored", this.back);
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(canvas);
    this.addShadow();
  }

  // --- what is shown ----------------------------------------------------------------------------
  show(body) {
    this.body = body;
    this.skin?.geometry.dispose();
    const geometry = new BufferGeometry();
    const total = body.fine.total;
    geometry.setIndex(new BufferAttribute(body.fine.faces, 1));
    geometry.setAttribute("position", new BufferAttribute(body.points, 3));
    geometry.setAttribute("normal", new BufferAttribute(body.normals, 3));
    geometry.setAttribute("hollow", new BufferAttribute(body.hollows, 1));
    this.layers = {};
    for (const name of ["tint", "marksA", "marksB"]) {
      const attribute = new BufferAttribute(new Uint8Array(total * 4), 4, true);
      attribute.setUsage(DynamicDrawUsage);
      geometry.setAttribute(name, attribute);
      this.layers[name] = attribute;
    }
    this.placeShadows();
    this.material ??= this.makeMaterial();
    if (this.skin) this.skin.geometry = geometry;
    else { this.skin = new Mesh(geometry, this.material); this.skin.frustumCulled = false; this.scene.add(this.skin); }
    this.draw();
  }

  makeMaterial() {
    const uniforms = {};
    for (const name of ["skin", "sky", "bounce", "key", "rim", "darkInk", "paleInk"]) uniforms[name] = { value: new Color() };
    uniforms.anchor = { value: new Vector2() };
    uniforms.grain = { value: 1 };
    return new ShaderMaterial({ vertexShader: vertex, fragmentShader: fragment, uniforms });
  }

  dress({ skin, pale, ground }) {
    const { uniforms } = this.material;
    const dark = ground[0] < 90;
    uniforms.skin.value.setRGB(...skin.map((part) => part / 255), "srgb");
    uniforms.sky.value.setRGB(...(dark ? [0.62, 0.64, 0.68] : [0.56, 0.57, 0.585]));
    uniforms.bounce.value.setRGB(...(dark ? [0.38, 0.33, 0.3] : [0.36, 0.315, 0.285]));
    uniforms.key.value.setRGB(...(dark ? [1.02, 0.96, 0.88] : [0.66, 0.63, 0.585]));
    uniforms.rim.value.setRGB(...(dark ? [0.2, 0.22, 0.26] : pale ? [0.1, 0.085, 0.075] : [0.16, 0.14, 0.13]));
    uniforms.darkInk.value.set("#35101c");
    uniforms.paleInk.value.set("#ffe9c9");
    this.shadow.material.uniforms.strength.value = dark ? 0.55 : 0.3;
    this.edges?.material.color.set(pale ? "#7a4a35" : "#f0d9c4");
    this.draw();
  }

  // Sends the layers of colour from point `first` to `last` on to the graphics card.
  painted(first = 0, last = this.body.fine.total - 1) {
    for (const attribute of Object.values(this.layers)) {
      attribute.addUpdateRange(first * 4, (last - first + 1) * 4);
      attribute.needsUpdate = true;
    }
    this.draw();
  }

  addShadow() {
    const material = new ShaderMaterial({
      vertexShader: shadowVertex, fragmentShader: shadowFragment, transparent: true, depthWrite: false,
      side: DoubleSide, uniforms: { strength: { value: 0.3 } },
    });
    this.shadow = { geometry: new PlaneGeometry(40, 52), material };
    this.shadows = [-1, 1].map((side) => {
      const one = new Mesh(this.shadow.geometry, material);
      one.rotation.x = -Math.PI / 2;
      one.userData.side = side;
      this.scene.add(one);
      return one;
    });
  }

  // One under each foot: where the lowest points of the left half are, and mirrored.
  placeShadows() {
    const { points } = this.body;
    let [x, z, count] = [0, 0, 0];
    for (let p = 0; p < points.length; p += 3) {
      if (points[p] > 0 && points[p + 1] < 3) { x += points[p]; z += points[p + 2]; count += 1; }
    }
    for (const one of this.shadows) one.position.set((one.userData.side * x) / count, 0.05, z / count);
  }

  // Outline of a region: pairs of ends, 3 numbers each.
  outline(ends) {
    if (!this.edges) {
      const material = new LineBasicMaterial({ transparent: true, opacity: 0.55, color: "#7a4a35" });
      this.edges = new LineSegments(new BufferGeometry(), material);
      this.edges.frustumCulled = false;
      this.scene.add(this.edges);
    }
    this.edges.geometry.dispose();
    this.edges.geometry = new BufferGeometry();
    this.edges.geometry.setAttribute("position", new BufferAttribute(Float32Array.from(ends), 3));
    this.edges.visible = ends.length > 0;
    this.draw();
  }

  // --- drawing ----------------------------------------------------------------------------------
  draw() {
    if (this.pending || this.gone) return;
    this.pending = requestAnimationFrame((now) => { this.pending = 0; this.frame(now); });
  }

  frame(now) {
    if (this.turning) this.turn(now);
    const before = performance.now();
    this.aim();
    this.renderer.render(this.scene, this.camera);
    this.onFrame(performance.now() - before);
    if (this.turning) this.draw();
  }

  aim() {
    const { x, y, z, yaw, pitch, away } = this.view;
    for (const one of this.shadows) one.visible = pitch > -0.05; // a floor isn't seen from below
    const flat = Math.cos(pitch) * away;
    this.camera.position.set(x + Math.sin(yaw) * flat, y + Math.sin(pitch) * away, z + Math.cos(yaw) * flat);
    this.camera.lookAt(x, y, z);
    this.camera.updateMatrixWorld();
    const grain = this.renderer.getPixelRatio();
    const [px, py] = this.onScreen([0, 85, 0]);
    // Hatching hangs on a place of the body: it must not swim over the skin while the body turns.
    this.material?.uniforms.anchor.value.set(px * grain, (this.high - py) * grain);
    if (this.material) this.material.uniforms.grain.value = grain;
  }

  resize() {
    const { clientWidth: wide, clientHeight: high } = this.canvas;
    if (!wide || !high || (wide === this.wide && high === this.high)) return;
    [this.wide, this.high] = [wide, high];
    this.renderer.setPixelRatio(Math.min(devicePixelRatio || 1, MOST_PIXELS));
    this.renderer.setSize(wide, high, false);
    this.camera.aspect = wide / high;
    // The foot of the picture lies behind buttons: what is looked at stands above them.
    this.camera.setViewOffset(wide, high, 0, FOOT_PX / 2, wide, high);
    if (this.body) this.refit?.();
    this.draw();
  }

  // --- camera -----------------------------------------------------------------------------------
  // Goes so near that the points (their numbers on the body) just fit.
  fitting(some, yaw, pitch) {
    const { points } = this.body;
    const ahead = new Vector3(-Math.sin(yaw) * Math.cos(pitch), -Math.sin(pitch), -Math.cos(yaw) * Math.cos(pitch));
    const right = new Vector3(Math.cos(yaw), 0, -Math.sin(yaw));
    const up = new Vector3().crossVectors(right, ahead);
    const axes = [right, up, ahead];
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    // Every so many: 1,500 points say where the edges are, the others lie between them.
    const step = Math.max(1, Math.floor(some.length / 1500));
    for (let i = 0; i < some.length; i += step) {
      const p = some[i] * 3;
      axes.forEach((axis, k) => {
        const on = axis.x * points[p] + axis.y * points[p + 1] + axis.z * points[p + 2];
        low[k] = Math.min(low[k], on);
        high[k] = Math.max(high[k], on);
      });
    }
    const middle = new Vector3();
    axes.forEach((axis, k) => middle.addScaledVector(axis, (low[k] + high[k]) / 2));
    const lens = Math.tan((LENS_DEGREES * Math.PI) / 360);
    const tall = ((high[1] - low[1]) / 2 / lens) * (this.high / Math.max(100, this.high - FOOT_PX) || 1);
    const broad = (high[0] - low[0]) / 2 / (lens * this.camera.aspect);
    const away = Math.max(CLOSEST_CM, Math.max(tall, broad) * 1.07 + (high[2] - low[2]) / 2);
    return { x: middle.x, y: middle.y, z: middle.z, yaw, pitch, away };
  }

  go(view, { calm = false } = {}) {
    const from = { ...this.view };
    // The shorter way round; the second remainder makes a negative first one positive.
    const turn = ((view.yaw - from.yaw + Math.PI) % (2 * Math.PI) + 2 * Math.PI) % (2 * Math.PI) - Math.PI;
    const to = { ...view, yaw: from.yaw + turn };
    if (calm || matchMedia("(prefers-reduced-motion: reduce)").matches) { this.view = to; this.turning = null; }
    else this.turning = { from, to, since: 0 };
    this.draw();
  }

  turn(now) {
    // From the first frame on and not from the tap: a slow one would begin in the middle of the
    // turn.
    this.turning.since ||= now;
    const { from, to, since } = this.turning;
    const t = Math.min(1, (now - since) / TURN_MS);
    const eased = t < 0.5 ? 4 * t * t * t : 1 - (2 - 2 * t) ** 3 / 2;
    for (const key of Object.keys(to)) this.view[key] = from[key] + (to[key] - from[key]) * eased;
    if (t === 1) this.turning = null;
  }

  orbit(dx, dy) {
    this.turning = null;
    this.moved = true;
    this.view.yaw -= dx;
    this.view.pitch = Math.max(-STEEPEST, Math.min(STEEPEST, this.view.pitch + dy));
    this.draw();
  }

  // Nearer by a factor, towards a place on the screen that stays where it is.
  zoom(factor, at = null) {
    this.turning = null;
    this.moved = true;
    const away = Math.max(CLOSEST_CM, Math.min(this.whole.away * 1.25, this.view.away / factor));
    if (at) {
      const share = 1 - away / this.view.away;
      this.slide((at[0] - this.wide / 2) * share, (at[1] - (this.high - FOOT_PX) / 2) * share, -1);
    }
    this.view.away = away;
    this.draw();
  }

  // Moves the picture by pixels.
  slide(dx, dy, sign = 1) {
    this.moved = true;
    const scale = (sign * 2 * this.view.away * Math.tan((LENS_DEGREES * Math.PI) / 360)) / this.high;
    const { yaw, pitch } = this.view;
    this.view.x -= (dx * Math.cos(yaw) + dy * Math.sin(pitch) * Math.sin(yaw)) * scale;
    this.view.z -= (-dx * Math.sin(yaw) + dy * Math.sin(pitch) * Math.cos(yaw)) * scale;
    this.view.y += dy * Math.cos(pitch) * scale;
    const top = this.whole.y * 2;
    this.view.x = Math.max(-60, Math.min(60, this.view.x));
    this.view.y = Math.max(0, Math.min(top, this.view.y));
    this.view.z = Math.max(-40, Math.min(40, this.view.z));
    this.draw();
  }

  // So many pixels are so many cm, at the distance that the camera looks at.
  pixels(cm) { return (cm * this.high) / (2 * this.view.away * Math.tan((LENS_DEGREES * Math.PI) / 360)); }

  get eye() { return [this.camera.position.x, this.camera.position.y, this.camera.position.z]; }

  // The ray under a pixel of the canvas: direction from the eye.
  ray(x, y) {
    this.aim();
    const way = new Vector3((x / this.wide) * 2 - 1, 1 - (y / this.high) * 2, 0.5).unproject(this.camera).sub(this.camera.position).normalize();
    return [way.x, way.y, way.z];
  }

  onScreen(point) {
    const place = new Vector3(...point).project(this.camera);
    return [((place.x + 1) / 2) * this.wide, ((1 - place.y) / 2) * this.high];
  }

  dispose() {
    this.gone = true;
    cancelAnimationFrame(this.pending);
    this.watcher.disconnect();
    this.canvas.removeEventListener("webglcontextlost", this.lost);
    this.canvas.removeEventListener("webglcontextrestored", this.back);
    for (const part of [this.skin, this.shadow, this.edges]) { part?.geometry.dispose(); part?.material.dispose(); }
    this.renderer.dispose();
    // Given back now: a browser allows only a few at once and takes away the oldest.
    this.renderer.forceContextLoss();
  }
}
