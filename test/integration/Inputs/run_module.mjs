// Checks a module of --prefix=model and prints what level.c does with an object:
//
//   node run_module.mjs MODULE JSON
import fs from "node:fs";

function expect(condition, text) {
  if (!condition) throw new Error(`expects ${text}`);
}

const [path, facts] = process.argv.slice(2);
const module = await WebAssembly.compile(fs.readFileSync(path));
const { input, outputs, arena_bytes, isa } = JSON.parse(fs.readFileSync(facts));

// It needs nothing of anybody, and gives what an object gives, and its memory.
expect(WebAssembly.Module.imports(module).length === 0, "no imports");
const names = WebAssembly.Module.exports(module).map(({ name }) => name).filter((name) => !name.includes("_abi_"));
expect(names.sort().join() === "__heap_base,memory,model_arena_bytes,model_info,model_isa,model_run,model_run_ex",
  `the public functions and the memory, but got ${names}`);

const { exports } = await WebAssembly.instantiate(module);
const { memory, model_arena_bytes, model_isa, model_run, model_run_ex } = exports;
let end = exports.__heap_base.value;
function place(bytes) {
  const start = Math.ceil(end / 64) * 64;
  end = start + bytes;
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return start;
}
const outputBytes = outputs[0].length * 4;
const image = place(input.bytes), output = place(outputBytes), arena = place(arena_bytes);
const call = place(92), detail = place(32), tables = place(8);
expect(model_arena_bytes(1, 1) === arena_bytes, "the arena of the JSON file");
expect(model_arena_bytes(2 ** 32 - 1, 1) >>> 0 === 0, "no arena beyond the memory");

const values = new Float32Array(memory.buffer, image, Math.floor(input.bytes / 4));
for (let i = 0; i < values.length; ++i) values[i] = Math.fround(((i * 7919) % 1000) / 500) - 1;
const results = new Float32Array(memory.buffer, output, outputBytes / 4);
new Uint8Array(memory.buffer, arena, arena_bytes).fill(0xff);

// What is refused leaves the output alone.
results.fill(NaN);
for (const buffers of [[0, output, arena], [image, 0, arena], [image, output, 0]])
  expect(model_run(...buffers) === -1, "a null buffer to be refused");
expect(model_run(image, output, arena + 32) === -2, "a misaligned arena to be refused");
// As a caller of C lays it out: 32 bits for each address and size.
const words = new Uint32Array(memory.buffer, call, 23);
new Uint32Array(memory.buffer, tables, 2).set([output, outputBytes]);
words.set([92, 1, image, input.bytes, 0, tables, tables + 4, 1, 1, arena, arena_bytes - 1]);
words[20] = detail;
expect(model_run_ex(call) === -4, "a short arena to be refused");
const { buffer } = memory;
const told = new DataView(buffer, detail);
const field = told.getUint32(8, true);
const name = new TextDecoder().decode(new Uint8Array(buffer, field, 11));
expect(name === "arena_bytes", `the field of the error, but got ${name}`);
expect(told.getBigUint64(16, true) === BigInt(arena_bytes), "the size of the arena in the error");
expect(results.every(Number.isNaN), "an untouched output");

// One call and the other.
expect(model_run(image, output, arena) === 0, "no error");
const first = results.slice();
words[10] = arena_bytes;
results.fill(NaN);
expect(model_run_ex(call) === 0, "no error");
expect(first.every((value, i) => value === results[i]), "the same numbers of both calls");
expect(isa.length === 1 && exports.model_info() % 8 === 0, "one level");
console.log(`level ${model_isa()}, no error`, Array.from(first, (value) => value.toPrecision(9)).join(" "));
