// The reader of codes, loaded by pack-scanner.js at the first tap. The browser's own is not used: few
// have one that reads DataMatrix, and none of them gives the separators between a code's pieces.

import { BarcodeDetector, prepareZXingModule } from "../scanning/ponyfill.js";

// wasm: the address of the reader, so that it comes from us and not from the library's own network.
export function makeDetector({ wasm, formats }) {
  prepareZXingModule({ overrides: { locateFile: () => wasm } });
  return new BarcodeDetector({ formats });
}
