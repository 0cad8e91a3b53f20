// Unpacks the Chromium of @sparticuz/chromium and writes a command that starts it: `sh
// tools/prepare.sh browser` calls this, `tools/browser.py` finds what it leaves.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const ready = join(here, "node_modules", ".chromium");
const work = `${ready}.new`;
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });

// The package unpacks into the folder for temporary files, whichever that is when it is asked.
process.env.TMPDIR = work;
const { inflate } = await import("@sparticuz/chromium");
for (const part of ["chromium.br", "swiftshader.tar.br", "fonts.tar.br", "al2023.tar.br"]) {
  await inflate(join(here, "node_modules", "@sparticuz", "chromium", "bin", part));
}

// The package's own list of fonts names folders of a cloud's machines.
const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(ready, "fonts", "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(ready, "fonts", "cache")}</cachedir>
</fontconfig>
`;
writeFileSync(join(work, "fonts", "fonts.conf"), fonts);

// Its own copies of NSS and Expat come first: they are all it needs beside the C library, so that
// it starts on a machine on which nothing was installed.
const start = `#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH=$here/al2023/lib FONTCONFIG_PATH=$here/fonts exec "$here/chromium" "$@"
`;
writeFileSync(join(work, "start"), start, { mode: 0o755 });

// Renamed at the end: an unpacking that was interrupted leaves nothing that looks whole.
rmSync(ready, { recursive: true, force: true });
renameSync(work, ready);
