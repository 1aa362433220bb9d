// The C++ wrapper of runtime/, around a network that only notes how it is
// called.
#include "runtime/mobileone.hpp"

#include <gtest/gtest.h>

#include <vector>

// Memory that there is not is a null pointer, with AddressSanitizer, too.
extern "C" const char *__asan_default_options();
extern "C" const char *__asan_default_options() {
  return "allocator_may_return_null=1";
}

namespace {

using mobileone::v1::call_options;
using mobileone::v1::cancel_flag;
using mobileone::v1::span;
using mobileone::v1::task;
using mobileone::v1::worker_set;

/// Two images of three floats give two floats each.
struct Fake {
  using element = float;
  static constexpr bool has_external_weights = false;
  static constexpr std::uint32_t batch = 2, height = 1, width = 3;
  static constexpr std::size_t image_length = 3, input_length = 6;
  static constexpr std::size_t result_lengths[] = {2};

  static inline mobileone_call call;
  static inline float *output;
  static inline std::size_t output_bytes, bytes;
  static inline int returned;

  static int run_ex(const mobileone_call *given) {
    call = *given;
    output = given->outputs[0];
    output_bytes = given->output_bytes[0];
    int error = returned;
    if (call.parallel_for)
      error = call.parallel_for(
          call.parallel_user, call.workers,
          [](void *ran, std::uint32_t index, std::uint32_t worker) {
            static_cast<float *>(ran)[index] = static_cast<float>(worker + 1);
          },
          output);
    return error;
  }
  static std::size_t arena_bytes(std::uint32_t images, std::uint32_t workers) {
    return bytes ? bytes : std::size_t{64} * images * workers;
  }
};
using Model = mobileone::v1::model<Fake>;

struct External : Fake {
  static constexpr bool has_external_weights = true;
};

/// The same for larger images.
struct Large : Fake {
  static constexpr std::uint32_t height = 2;
  static constexpr std::size_t image_length = 6, input_length = 12;
  static constexpr std::size_t result_lengths[] = {4};
};

struct WrapperTest : ::testing::Test {
  void SetUp() override {
    Fake::call = {};
    Fake::bytes = 0;
    Fake::returned = MOBILEONE_OK;
  }
  std::array<float, 6> input{};
  std::array<float, 4> output{};
};

TEST_F(WrapperTest, call_holds_what_is_given) {
  Model model;
  cancel_flag stop;
  mobileone_error_detail detail;
  call_options options;
  options.cancel = &stop;
  options.input_row_bytes = 16;
  options.isa = MOBILEONE_ISA_X86_64_V3;
  options.detail = &detail;
  options.on_layer = [](void *, std::uint32_t, std::uint32_t, const float *,
                        std::size_t) {};
  options.on_layer_user = &model;
  ASSERT_FALSE(model.run(input, output, options));
  const mobileone_call &call = Fake::call;
  EXPECT_EQ(call.struct_size, sizeof call);
  EXPECT_EQ(call.batch, 2u);
  EXPECT_EQ(call.input, input.data());
  EXPECT_EQ(call.input_bytes, sizeof input);
  EXPECT_EQ(call.height, 1u);
  EXPECT_EQ(call.width, 3u);
  EXPECT_EQ(call.input_row_bytes, 16u);
  EXPECT_EQ(call.output_count, 1u);
  EXPECT_EQ(Fake::output, output.data());
  EXPECT_EQ(Fake::output_bytes, sizeof output);
  EXPECT_EQ(call.workers, 1u);
  EXPECT_EQ(call.arena_bytes, 128u);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(call.arena) % 64, 0u);
  EXPECT_EQ(call.weights, nullptr);
  EXPECT_EQ(call.weights_bytes, 0u);
  EXPECT_EQ(call.parallel_for, nullptr);
  EXPECT_EQ(call.cancel, stop.get());
  EXPECT_EQ(call.on_layer, options.on_layer);
  EXPECT_EQ(call.on_layer_user, &model);
  EXPECT_EQ(call.isa, unsigned{MOBILEONE_ISA_X86_64_V3});
  EXPECT_EQ(call.flags, 0u);
  EXPECT_EQ(call.detail, &detail);
}

TEST_F(WrapperTest, image_size_is_a_type_of_a_call) {
  Model model;
  std::array<float, 12> images{};
  std::array<float, 8> results{};
  EXPECT_FALSE(model.run<Large>(images, results));
  EXPECT_EQ(Fake::call.height, 2u);
  EXPECT_EQ(Fake::call.width, 3u);
  EXPECT_EQ(Fake::call.input_bytes, sizeof images);
  EXPECT_EQ(Fake::output_bytes, sizeof results);
  mobileone_error_detail detail = {};
  call_options options;
  options.detail = &detail;
  EXPECT_EQ(model.run_batch<Large>(3, images, results, options),
            MOBILEONE_SHORT_BUFFER);
  EXPECT_EQ(detail.expected, 72u);
}

TEST_F(WrapperTest, number_of_images_is_checked_before_memory_is_taken) {
  Model model;
  std::vector<float> images(8), results(6);
  EXPECT_FALSE(model.run_batch(2, images, results));
  mobileone_error_detail detail = {};
  call_options options;
  options.detail = &detail;
  Fake::call = {};
  EXPECT_EQ(model.run_batch(3, images, results, options),
            MOBILEONE_SHORT_BUFFER);
  EXPECT_STREQ(detail.field, "input_bytes");
  EXPECT_EQ(detail.expected, 36u);
  EXPECT_EQ(detail.actual, 32u);
  images.resize(12);
  EXPECT_EQ(model.run_batch(4000000000u, images, results, options),
            MOBILEONE_SHORT_BUFFER);
  EXPECT_EQ(detail.expected, 48000000000u);
  EXPECT_EQ(model.run_batch(4, images, results, options),
            MOBILEONE_SHORT_BUFFER);
  EXPECT_STREQ(detail.field, "output_bytes");
  EXPECT_EQ(detail.expected, 32u);
  EXPECT_EQ(detail.actual, 24u);
  EXPECT_EQ(Fake::call.arena, nullptr) << "the network was called";
}

TEST_F(WrapperTest, memory_grows_only_when_it_must) {
  auto model = Model::create(4, 2);
  ASSERT_TRUE(model);
  ASSERT_FALSE(model->run(input, output));
  EXPECT_EQ(Fake::call.arena_bytes, 512u);
  const void *arena = Fake::call.arena;
  std::array<float, 24> images{};
  std::array<float, 16> results{};
  ASSERT_FALSE(model->run_batch(8, images, results));
  EXPECT_EQ(Fake::call.arena, arena);
  call_options options;
  auto serial = [](std::uint32_t, const task &) {};
  options.workers = worker_set(3, serial);
  ASSERT_FALSE(model->run_batch(8, images, results, options));
  EXPECT_EQ(Fake::call.arena_bytes, 1536u);
}

TEST_F(WrapperTest, memory_that_there_is_not_is_an_error) {
  for (std::size_t bytes : {std::size_t{1} << 62, std::size_t{0} - 64}) {
    Fake::bytes = bytes;
    auto model = Model::create();
    EXPECT_FALSE(model);
    EXPECT_EQ(model.error(), std::errc::not_enough_memory);
    EXPECT_EQ(model->run(input, output), std::errc::not_enough_memory);
    EXPECT_EQ(Fake::call.arena, nullptr) << "the network was called";
  }
  // What it had before is still there.
  Fake::bytes = 128;
  auto model = Model::create();
  ASSERT_TRUE(model);
  Fake::bytes = std::size_t{1} << 62;
  EXPECT_EQ(model->reserve(2), std::errc::not_enough_memory);
  Fake::bytes = 128;
  ASSERT_FALSE(model->run(input, output));
  EXPECT_EQ(Fake::call.arena_bytes, 128u);
  EXPECT_NE(Fake::call.arena, nullptr);
}

TEST_F(WrapperTest, no_images_are_a_bad_batch) {
  Model model;
  EXPECT_EQ(model.run_batch(0, input, output), MOBILEONE_BAD_BATCH);
  EXPECT_EQ(Model::create(0).error(), MOBILEONE_BAD_BATCH);
}

TEST_F(WrapperTest, model_is_moved_with_its_memory) {
  static_assert(!std::is_copy_constructible_v<Model>);
  static_assert(!std::is_copy_assignable_v<Model>);
  static_assert(std::is_nothrow_move_constructible_v<Model>);
  static_assert(std::is_nothrow_move_assignable_v<Model>);
  Model first = *Model::create();
  ASSERT_FALSE(first.run(input, output));
  const void *arena = Fake::call.arena;
  Model second = std::move(first);
  ASSERT_FALSE(second.run(input, output));
  EXPECT_EQ(Fake::call.arena, arena);
  Model third;
  third = std::move(second);
  ASSERT_FALSE(third.run(input, output));
  EXPECT_EQ(Fake::call.arena, arena);
  ASSERT_FALSE(first.run(input, output));
  EXPECT_NE(Fake::call.arena, arena);
  EXPECT_NE(Fake::call.arena, nullptr);
}

TEST_F(WrapperTest, weights_are_given_where_the_object_has_none) {
  const char weights[128] = {};
  auto model = mobileone::v1::model<External>::create({weights, 128}, 3);
  ASSERT_TRUE(model);
  auto moved = *std::move(model);
  ASSERT_FALSE(moved.run(input, output));
  EXPECT_EQ(Fake::call.weights, weights);
  EXPECT_EQ(Fake::call.weights_bytes, 128u);
  EXPECT_EQ(Fake::call.arena_bytes, 192u);
}

TEST_F(WrapperTest, workers_come_from_a_function_of_c) {
  Model model;
  call_options options;
  int user = 0;
  options.workers = {2,
                     [](void *given, std::uint32_t, mobileone_task, void *) {
                       *static_cast<int *>(given) = 7;
                       return 0;
                     },
                     &user};
  ASSERT_FALSE(model.run(input, output, options));
  EXPECT_EQ(Fake::call.workers, 2u);
  EXPECT_EQ(user, 7);
}

TEST_F(WrapperTest, workers_come_from_anything_that_can_be_called) {
  Model model;
  std::uint32_t called = 0;
  auto parallel_for = [&](std::uint32_t count, auto each) {
    for (std::uint32_t index = 0; index < count; ++index, ++called)
      each(index, count - 1 - index);
  };
  call_options options;
  options.workers = {3, parallel_for};
  ASSERT_FALSE(model.run(input, output, options));
  EXPECT_EQ(called, 3u);
  EXPECT_EQ(output, (std::array<float, 4>{3, 2, 1, 0}));

  const auto fails = [](std::uint32_t, const task &) {
    return int{MOBILEONE_PARALLEL_FAILED};
  };
  options.workers = {3, fails};
  EXPECT_EQ(model.run(input, output, options), MOBILEONE_PARALLEL_FAILED);

  // A temporary would be gone before the call.
  using Callable = decltype(parallel_for);
  static_assert(std::is_constructible_v<worker_set, unsigned, Callable &>);
  static_assert(!std::is_constructible_v<worker_set, unsigned, Callable>);
}

TEST_F(WrapperTest, cancel_flag_is_the_int_of_a_call) {
  cancel_flag stop;
  EXPECT_EQ(*stop.get(), 0);
  stop.request();
  EXPECT_EQ(*stop.get(), 1);
  EXPECT_TRUE(stop.is_requested());
  stop.reset();
  EXPECT_EQ(*stop.get(), 0);
}

TEST_F(WrapperTest, errors_have_their_texts_and_conditions) {
  Model model;
  for (int error = MOBILEONE_IO_ERROR; error < 0; ++error) {
    Fake::returned = error;
    const std::error_code code = model.run(input, output);
    EXPECT_TRUE(code);
    EXPECT_EQ(code.value(), error);
    EXPECT_STREQ(code.category().name(), "mobileone");
    EXPECT_EQ(code.message(), mobileone_strerror(error));
    EXPECT_EQ(code == std::errc::operation_canceled,
              error == MOBILEONE_CANCELLED);
  }
  Fake::returned = MOBILEONE_MISALIGNED_BUFFER;
  EXPECT_EQ(model.run(input, output), std::errc::invalid_argument);
  Fake::returned = MOBILEONE_UNSUPPORTED_CPU;
  EXPECT_EQ(model.run(input, output), std::errc::not_supported);
  Fake::returned = MOBILEONE_IO_ERROR;
  EXPECT_EQ(model.run(input, output), std::errc::io_error);
  Fake::returned = MOBILEONE_OK;
  EXPECT_EQ(model.run(input, output), std::error_code());
}

// Sizes that must not compile, and what must.
using Three = span<const float, 3>;
template <typename Given>
constexpr bool fits = std::is_constructible_v<Three, Given>;
static_assert(fits<float (&)[3]>);
static_assert(fits<const float (&)[3]>);
static_assert(fits<std::array<float, 3> &>);
static_assert(fits<const std::array<float, 3> &>);
static_assert(fits<span<float, 3>>);
static_assert(!fits<float (&)[2]>);
static_assert(!fits<float (&)[4]>);
static_assert(!fits<std::array<float, 4> &>);
static_assert(!fits<span<float, 4>>);
static_assert(!fits<std::array<double, 3> &>);
static_assert(!fits<double (&)[3]>);
static_assert(!fits<float *>);
static_assert(!fits<std::vector<float> &>);
static_assert(!std::is_constructible_v<span<float, 3>, const float (&)[3]>);
static_assert(!std::is_constructible_v<span<float, 3>, Three>);
static_assert(
    !std::is_constructible_v<span<float, 3>, const std::array<float, 3> &>);
using Any = span<const float>;
static_assert(std::is_convertible_v<std::vector<float> &, Any>);
static_assert(std::is_convertible_v<const std::vector<float> &, Any>);
static_assert(std::is_convertible_v<std::array<float, 3> &, Any>);
static_assert(std::is_convertible_v<float (&)[3], Any>);
static_assert(std::is_convertible_v<Three, Any>);
static_assert(std::is_convertible_v<span<float>, Any>);
static_assert(!std::is_convertible_v<Any, span<float>>);
static_assert(!std::is_convertible_v<std::vector<double> &, Any>);
static_assert(!std::is_convertible_v<const std::vector<float> &, span<float>>);
static_assert(!std::is_convertible_v<float *, Any>);

constexpr float kNumbers[] = {1, 2, 3};
static_assert(Three(kNumbers)[2] == 3 && Three(kNumbers).size() == 3);
static_assert(Any(kNumbers)[1] == 2 && Any(kNumbers).size() == 3);
static_assert(Three::unchecked(kNumbers).end() == kNumbers + 3);

} // namespace
