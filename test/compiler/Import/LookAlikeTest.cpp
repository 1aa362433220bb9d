// What is no checkpoint is called by its name.
#include "TestImport.h"

using namespace mobileone;

namespace {

/// `text`, zeros included, and something behind it.
template <size_t N>
std::string begin(const char (&text)[N]) {
  return std::string(text, N - 1) + std::string(600, '\1');
}

} // namespace

TEST(LookAlike, files_of_other_formats_are_named) {
  std::string tar(300, 'x');
  tar.replace(257, 5, "ustar");
  std::string bitmap = begin("BM\x36\x10\0\0\0\0\0\0\x36\0\0\0");
  const std::pair<std::string, const char *> files[] = {
      {"", "an empty file"},
      {begin("\x08\x07\x12\x07pytorch\x1a\x05"
             "2.0.0"),
       "ONNX"},
      {begin("\x08\x0a:\x8f\x01\x0a"), "ONNX"},
      {begin("\x08\x04\x12\x86\x01\x0a\x10"), "Core ML"},
      {begin("\x1c\0\0\0TFL3"), "TensorFlow Lite"},
      {begin("\x89HDF\r\n\x1a\n"), "HDF5"},
      {begin("GGUF\3\0\0\0"), "GGUF"},
      {begin("\x93NUMPY\1\0"), "NumPy array"},
      {begin("\xfd"
             "7zXZ\0"),
       "xz data"},
      {begin("\x28\xb5\x2f\xfd"), "Zstandard"},
      {begin("BZh91AY"), "bzip2"},
      {begin("7z\xbc\xaf\x27\x1c"), "7z"},
      {begin("Rar!\x1a\x07\x01\0"), "RAR"},
      {begin("\x1f\x8b\x08"), "gzip"},
      {tar, "tar archive"},
      {begin("\x89PNG\r\n\x1a\n"), "PNG"},
      {begin("\xff\xd8\xff\xe0"), "JPEG"},
      {begin("GIF89a"), "GIF"},
      {begin("RIFF\1\1\1\1WEBPVP8 "), "WebP"},
      {begin("RIFF\1\1\1\1WAVE"), "RIFF"},
      {begin("\0\0\0\x18"
             "ftypheic"),
       "HEIC"},
      {begin("\0\0\0\x18"
             "ftypavif"),
       "AVIF"},
      {bitmap, "BMP"},
      {begin("II*\0"), "TIFF"},
      {begin("MM\0*"), "TIFF"},
      {begin("%PDF-1.7"), "PDF"},
      {begin("\x7f"
             "ELF\2"),
       "ELF"},
      {"<!DOCTYPE html>", "HTML"},
      {"\n <html>", "HTML"},
      {R"({"metadata": {}, "weight_map": {"a": "b"}})", "several files"},
      {R"({"architectures": ["MobileOne"]})", "configuration"},
      {"\xef\xbb\xbf{\n \"a\": 1}", "configuration"},
      {"[1, 2]", "JSON"},
      {"import torch\nmodel = 1\n", "Python source"},
      {"#!/usr/bin/env python3\n", "Python source"},
      {"\"\"\"Train.\"\"\"\nimport torch", "Python source"},
      {"Dear reader, this is a text.\n", "plain text"},
      {"epoch: 3\nloss: 0.5\n", "plain text"},
  };
  for (const auto &[content, name] : files) {
    EXPECT_TRUE(isCheckpoint(content)) << name;
    EXPECT_TRUE(isCheckpoint(content.substr(0, 512))) << name;
    expectRefusal(
        readCheckpoint(content),
        {"expects a safetensors or PyTorch checkpoint, but got", name});
  }
}

TEST(LookAlike, a_pointer_may_say_its_size) {
  std::string pointer = "version https://git-lfs.github.com/spec/v1\n";
  expectRefusal(readCheckpoint(pointer + "size 12\n"),
                {"a Git LFS pointer (the real file was not fetched), of 12 "
                 "bytes"});
  llvm::Expected<std::vector<StateDict>> dicts = readCheckpoint(pointer);
  ASSERT_FALSE(static_cast<bool>(dicts));
  EXPECT_TRUE(
      llvm::StringRef(llvm::toString(dicts.takeError())).ends_with("fetched)"));
}

TEST(LookAlike, mlir_is_named_where_a_checkpoint_must_be) {
  for (const char *content : {"module {}", "func.func @f() {", "ML\xefR\x06"})
    expectRefusal(readCheckpoint(content), {"but got MLIR or another text"});
}

TEST(LookAlike, mlir_is_none) {
  for (const char *content :
       {"module {}", "module attributes {a} {", "func.func @f() {",
        "// a comment\n\nfunc.func private @g()", "// Copyright\n// more",
        "\"builtin.module\"() ({", "#map = affine_map<(d0) -> (d0)>",
        "!t = f32", "%0 = mobileone.activation relu %x",
        "{-#\n  dialect_resources: {"})
    EXPECT_EQ(describeLookAlike(content), "") << content;
}
