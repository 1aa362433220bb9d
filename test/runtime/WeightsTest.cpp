// The digest that weights are checked by, with numbers that others published.
#include "runtime/weights.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace {

/// What a file of `text` is for a model whose weights have the digest `sha256`.
int check(const std::string &text, const char *sha256) {
  mobileone_model_info info = {};
  info.external_weights = 1;
  info.weights_bytes = text.size();
  std::strcpy(info.weights_sha256, sha256);
  mobileone_weights_head head = {};
  std::memcpy(head.magic, "MobileOneWeights", sizeof head.magic);
  head.version = 1;
  head.head_bytes = sizeof head;
  head.weights_bytes = text.size();
  std::memcpy(head.weights_sha256, info.weights_sha256,
              sizeof head.weights_sha256);
  const size_t bytes = sizeof head + text.size();
  std::vector<char> memory(bytes + 64);
  char *data = memory.data() + 63 -
               (reinterpret_cast<uintptr_t>(memory.data()) + 63) % 64;
  std::memcpy(data, &head, sizeof head);
  std::memcpy(data + sizeof head, text.data(), text.size());
  return mobileone_weights_check(data, bytes, &info);
}

TEST(Weights, digest_is_sha256) {
  // NIST, Cryptographic Standards and Guidelines: examples with intermediate
  // values, SHA-256; and the empty message.
  EXPECT_EQ(check("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410"
                         "ff61f20015ad"),
            MOBILEONE_OK);
  EXPECT_EQ(check("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db"
                  "06c1"),
            MOBILEONE_OK);
  EXPECT_EQ(check("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
                      "7852b855"),
            MOBILEONE_OK);
  EXPECT_EQ(check(std::string(1000000, 'a'),
                  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc711"
                  "2cd0"),
            MOBILEONE_OK);
  EXPECT_EQ(check("abd", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410"
                         "ff61f20015ad"),
            MOBILEONE_BAD_WEIGHTS);
}

// The padding of each length modulo a block, against Python's hashlib:
// hashlib.sha256(b'x' * n).hexdigest() for n = 55, 56, 63, 64, 65.
TEST(Weights, every_padding) {
  const struct {
    size_t bytes;
    const char *sha256;
  } known[] = {
      {55, "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072"},
      {56, "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e"},
      {63, "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2"},
      {64, "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c"},
      {65, "9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9"},
  };
  for (const auto &[bytes, sha256] : known)
    EXPECT_EQ(check(std::string(bytes, 'x'), sha256), MOBILEONE_OK) << bytes;
}

} // namespace
