// Classifies a PPM image.
import Foundation

func fail(_ text: String, code: Int32 = 1) -> Never {
  FileHandle.standardError.write("classify: \(text)\n".data(using: .utf8)!)
  exit(code)
}

func read(_ path: String) -> [UInt8] {
  guard let bytes = FileManager.default.contents(atPath: path) else {
    fail("\(path): cannot be read")
  }
  return [UInt8](bytes)
}

/// Pixels, width and height after "P6\nWIDTH HEIGHT\n255\n", as most programs write a PPM.
func readPPM(_ path: String) -> (rgb: [UInt8], width: UInt32, height: UInt32) {
  let parts = read(path).split(
    separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
  let lines = parts.prefix(3).map { String(decoding: $0, as: UTF8.self) }
  guard parts.count == 4, lines[0] == "P6", lines[2] == "255" else {
    fail("\(path): expects a binary PPM")
  }
  let size = lines[1].split(separator: " ").compactMap { UInt32($0) }
  guard size.count == 2 else {
    fail("\(path): expects a binary PPM")
  }
  return ([UInt8](parts[3]), size[0], size[1])
}

guard CommandLine.arguments.count == 3 else {
  fail("expects IMAGE.ppm LABELS.txt", code: 2)
}
let path = CommandLine.arguments[1]
let image = readPPM(path)
let text = String(decoding: read(CommandLine.arguments[2]), as: UTF8.self)
let labels = text.split(separator: "\n", omittingEmptySubsequences: false)
do {
  let output = try classify(rgb: image.rgb, width: image.width, height: image.height)
  let best = output.indices.sorted { output[$0] != output[$1] ? output[$0] > output[$1] : $0 < $1 }
  print(path)
  for i in best.prefix(5) {
    let label = i < labels.count ? String(labels[i]) : ""
    print(String(format: "  %6.2f %%  %4d  ", 100 * Double(output[i]), i) + label)
  }
} catch {
  fail("\(path): \(error)")
}
