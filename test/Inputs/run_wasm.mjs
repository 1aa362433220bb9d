// Runs a program for WASI: node run_wasm.mjs PROGRAM [ARGUMENT...]. Where an argument is an
// absolute path it sees the files of this system, else those of this folder.
import fs from "node:fs";
import { WASI } from "node:wasi";

const args = process.argv.slice(2);
const root = args.slice(1).some((text) => text.startsWith("/")) ? "/" : ".";
const wasi = new WASI({
  version: "preview1",
  args,
  preopens: { [root]: root },
  returnOnExit: true,
});
const module = await WebAssembly.compile(fs.readFileSync(args[0]));
const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
process.exitCode = wasi.start(instance);
