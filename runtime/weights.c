/* Maps the weights of an object and checks their digest. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include "weights.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* SHA-256: FIPS 180-4, sections 4.1.2, 5.3.3 and 6.2. */
static const uint32_t kRoundConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, int bits) {
  return x >> bits | x << (32 - bits);
}

/* Round t: d and h change, and what was each variable is the next one then. */
#define ROUND(a, b, c, d, e, f, g, h, t)                                       \
  h += (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + \
       kRoundConstants[t] + w[t];                                              \
  d += h;                                                                      \
  h += (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +                        \
       ((a & b) ^ (a & c) ^ (b & c))

static void add_block(uint32_t state[8], const unsigned char *block) {
  uint32_t w[64];
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
  int t;
  for (t = 0; t < 16; ++t)
    w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
           (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
  for (; t < 64; ++t)
    w[t] = (rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10) +
           w[t - 7] +
           (rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3) +
           w[t - 16];
  for (t = 0; t < 64; t += 8) {
    ROUND(a, b, c, d, e, f, g, h, t);
    ROUND(h, a, b, c, d, e, f, g, t + 1);
    ROUND(g, h, a, b, c, d, e, f, t + 2);
    ROUND(f, g, h, a, b, c, d, e, t + 3);
    ROUND(e, f, g, h, a, b, c, d, t + 4);
    ROUND(d, e, f, g, h, a, b, c, t + 5);
    ROUND(c, d, e, f, g, h, a, b, t + 6);
    ROUND(b, c, d, e, f, g, h, a, t + 7);
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/* Writes the digest of `bytes` bytes in hexadecimal, without a final zero. */
static void digest(const unsigned char *data, size_t bytes, char text[64]) {
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  unsigned char tail[128] = {0};
  const size_t rest = bytes % 64, tail_bytes = rest < 56 ? 64 : 128;
  size_t i;
  for (i = 0; i + 64 <= bytes; i += 64)
    add_block(state, data + i);
  memcpy(tail, data + bytes - rest, rest);
  tail[rest] = 0x80;
  for (i = 0; i < 8; ++i)
    tail[tail_bytes - 1 - i] = (unsigned char)((uint64_t)bytes * 8 >> 8 * i);
  for (i = 0; i < tail_bytes; i += 64)
    add_block(state, tail + i);
  for (i = 0; i < 64; ++i)
    text[i] = "0123456789abcdef"[state[i / 8] >> (28 - i % 8 * 4) & 15];
}

int mobileone_weights_check(const void *data, size_t bytes,
                            const mobileone_model_info *info) {
  const mobileone_weights_head *head = (const mobileone_weights_head *)data;
  char text[64];
  if (!data || !info)
    return MOBILEONE_NULL_BUFFER;
  if ((uintptr_t)data % 64)
    return MOBILEONE_MISALIGNED_BUFFER;
  if (!info->external_weights)
    return MOBILEONE_BAD_WEIGHTS;
  if (bytes < sizeof *head || bytes - sizeof *head < info->weights_bytes)
    return MOBILEONE_SHORT_BUFFER;
  if (bytes - sizeof *head > info->weights_bytes ||
      !mobileone_is_head_of(head, info))
    return MOBILEONE_BAD_WEIGHTS;
  digest((const unsigned char *)(head + 1), bytes - sizeof *head, text);
  return memcmp(text, info->weights_sha256, sizeof text) ? MOBILEONE_BAD_WEIGHTS
                                                         : MOBILEONE_OK;
}

/* Maps all of a file, null where it cannot. */
static void *map(const char *path, size_t *bytes) {
  struct stat status;
  void *data = MAP_FAILED;
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return NULL;
  if (fstat(file, &status) == 0) {
    *bytes = (size_t)status.st_size;
    /* Nothing is there to map: a mapping of 0 bytes is an error. */
    data = mmap(NULL, *bytes ? *bytes : 1, PROT_READ, MAP_PRIVATE, file, 0);
  }
  {
    const int error = errno;
    close(file);
    errno = error;
  }
  return data == MAP_FAILED ? NULL : data;
}

int mobileone_weights_open(const char *path, const mobileone_model_info *info,
                           mobileone_weights *weights) {
  size_t bytes = 0;
  void *data;
  int error;
  if (!weights)
    return MOBILEONE_NULL_BUFFER;
  weights->data = NULL;
  weights->bytes = 0;
  if (!path || !info)
    return MOBILEONE_NULL_BUFFER;
  data = map(path, &bytes);
  if (!data)
    return MOBILEONE_IO_ERROR;
  error = mobileone_weights_check(data, bytes, info);
  if (error) {
    munmap(data, bytes ? bytes : 1);
    return error;
  }
  weights->data = data;
  weights->bytes = bytes;
  return MOBILEONE_OK;
}

void mobileone_weights_close(mobileone_weights *weights) {
  if (weights && weights->data) {
    munmap((void *)(uintptr_t)weights->data, weights->bytes);
    weights->data = NULL;
    weights->bytes = 0;
  }
}
