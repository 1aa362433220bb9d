// Classifies a PPM image.
'use strict';
const fs = require('fs');
const network = require('./network.node');

// Pixels, width and height after "P6\nWIDTH HEIGHT\n255\n", as most programs write a PPM.
function readPpm(file) {
  const bytes = fs.readFileSync(file);
  const header = /^P6\n(\d+) (\d+)\n255\n/.exec(bytes.toString('latin1', 0, 64));
  const [width, height] = header ? [Number(header[1]), Number(header[2])] : [0, 0];
  const pixels = bytes.subarray(header ? header[0].length : 0);
  if (!width || !height || pixels.length !== 3 * width * height)
    throw new Error(`${file}: expects a whole binary PPM`);
  return [pixels, width, height];
}

function main(file, labelsFile) {
  const labels = fs.readFileSync(labelsFile, 'utf8').split('\n');
  const output = network.classify(...readPpm(file));
  const best = [...output.keys()].sort((a, b) => output[b] - output[a] || a - b);
  console.log(file);
  for (const i of best.slice(0, 5)) {
    const percent = (100 * output[i]).toFixed(2).padStart(6);
    console.log(`  ${percent} %  ${String(i).padStart(4)}  ${labels[i] ?? ''}`);
  }
}

if (process.argv.length !== 4) {
  console.error('usage: node classify.js IMAGE.ppm LABELS.txt');
  process.exit(2);
}
try {
  main(process.argv[2], process.argv[3]);
} catch (error) {
  console.error(`classify: ${error.message}`);
  process.exitCode = 1;
}
