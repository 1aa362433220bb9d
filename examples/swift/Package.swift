// swift-tools-version:5.6
import PackageDescription

let package = Package(
  name: "classify",
  targets: [
    // fashion.h, resize.h and resize.c, which are copied into it.
    .target(name: "CFashion"),
    .executableTarget(
      name: "classify", dependencies: ["CFashion"],
      linkerSettings: [.unsafeFlags(["\(Context.packageDirectory)/fashion.o"])]),
  ])
