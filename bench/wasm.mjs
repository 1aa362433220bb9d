// Times modules of MobileOne and onnxruntime-web by turns: node wasm.mjs FOLDER SECONDS VARIANT...
// FOLDER has what bench/wasm.sh puts there. Prints a table in Markdown.
import fs from "node:fs";
import os from "node:os";
import * as ort from "onnxruntime-web/wasm";

const [folder, seconds, ...variants] = process.argv.slice(2);
const LEAST_ROUNDS = 5;
const image = new Float32Array(fs.readFileSync(`${folder}/image.bin`).buffer.slice(0));

/** A module of MobileOne: run() computes logits() of the image. */
async function loadModule(file) {
  const facts = JSON.parse(fs.readFileSync(file.replace(/wasm$/, "json")));
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(file));
  const { memory, __heap_base, net_run } = instance.exports;
  const align = (address) => Math.ceil(address / 64) * 64;
  const arena = align(__heap_base.value), input = align(arena + facts.arena_bytes);
  const output = align(input + facts.input.bytes), end = output + 4 * facts.outputs[0].length;
  memory.grow(Math.ceil(Math.max(0, end - memory.buffer.byteLength) / 65536));
  const views = [new Float32Array(memory.buffer, input, image.length),
    new Float32Array(memory.buffer, output, facts.outputs[0].length)];
  return {
    run() {
      views[0].set(image); // the peer copies it, too
      if (net_run(input, output, arena)) throw new Error(`${file} fails`);
    },
    logits: () => views[1],
  };
}

async function loadPeer(file) {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(new Uint8Array(fs.readFileSync(file)), {
    executionProviders: ["wasm"], graphOptimizationLevel: "all", executionMode: "sequential",
  });
  const feeds = { image: new ort.Tensor("float32", image, [1, 3, 224, 224]) };
  let logits;
  return {
    async run() {
      logits = (await session.run(feeds)).logits.data;
    },
    logits: () => logits,
  };
}

const TITLES = ["MobileOne, `wasm-simd128`", "MobileOne, `wasm-relaxed-simd`", `onnxruntime-web ${ort.env.versions.web}`];

async function load(variant) {
  const contenders = [await loadModule(`${folder}/${variant}.simd128.wasm`),
    await loadModule(`${folder}/${variant}.relaxed-simd.wasm`), await loadPeer(`${folder}/${variant}.onnx`)];
  for (const { run } of contenders) await run();
  const [first, ...others] = contenders.map(({ logits }) => Float32Array.from(logits()));
  const largest = Math.max(...first.map(Math.abs));
  for (const other of others) {
    const distance = Math.max(...other.map((value, i) => Math.abs(value - first[i])));
    if (!(distance <= 1e-4 * largest)) throw new Error(`${variant}: logits are ${distance / largest} apart`);
  }
  return contenders;
}

/** Milliseconds of this thread's time on its core: what others do there does not count. */
function readClock() {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The least milliseconds of each contender; two calls at each turn, in a random order. */
async function time(contenders) {
  const least = contenders.map(() => Infinity);
  const end = performance.now() + 1000 * seconds;
  for (let round = 0; round < LEAST_ROUNDS || performance.now() < end; ++round) {
    const order = contenders.map((_, i) => [Math.random(), i]).sort((a, b) => a[0] - b[0]);
    for (const [, i] of order)
      for (let call = 0; call < 2; ++call) {
        const start = readClock();
        await contenders[i].run();
        least[i] = Math.min(least[i], readClock() - start);
      }
  }
  return least;
}

const columns = [];
for (const variant of variants) columns.push(await time(await load(variant)));
console.log(`Node ${process.version}, ${os.cpus()[0].model}, load ${os.loadavg()[0].toFixed(1)}\n`);
console.log(`| ms (time / ours) | ${variants.join(" | ")} |`);
console.log(`|---|${variants.map(() => "---:|").join("")}`);
TITLES.forEach((title, row) => console.log(
  `| ${title} | ${columns.map((times) => `${times[row].toFixed(1)} (${(times[row] / times[0]).toFixed(2)})`).join(" | ")} |`));
