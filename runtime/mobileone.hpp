/* The C++17 side of compiled networks: a model that owns the memory of its
 * calls, spans whose sizes the compiler checks, std::error_code.  Header only;
 * needs neither exceptions nor run-time types.
 *
 * Each generated NAME.hpp carries this block behind its NAME.h and names the
 * parts of it for one network, so that an app needs no other file; the guard
 * lets several of them live in one translation unit. */
#ifndef MOBILEONE_WRAPPER_1
#define MOBILEONE_WRAPPER_1

#ifndef MOBILEONE_TYPES_1
#include "mobileone.h"
#endif

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <utility>
#if __has_include(<version>)
#include <version>
#endif
#ifdef __cpp_lib_span
#include <span>
#endif

/* mobileone_error is a C type of no namespace, and so is what finds this. */
inline std::error_code make_error_code(mobileone_error error) noexcept;
template <>
struct std::is_error_code_enum<mobileone_error> : std::true_type {};

namespace mobileone {
namespace v1 {

/* Errors of a network's functions, by their number in mobileone_error. */
class network_category final : public std::error_category {
public:
  const char *name() const noexcept override { return "mobileone"; }
  std::string message(int error) const override {
    return mobileone_strerror(error);
  }
  std::error_condition
  default_error_condition(int error) const noexcept override {
    switch (error) {
    case MOBILEONE_OK:
      return {};
    case MOBILEONE_CANCELLED:
      return std::errc::operation_canceled;
    case MOBILEONE_UNSUPPORTED_CPU:
    case MOBILEONE_NOT_INSTRUMENTED:
      return std::errc::not_supported;
    case MOBILEONE_PARALLEL_FAILED:
      return {error, *this};
    case MOBILEONE_IO_ERROR:
      return std::errc::io_error;
    default:
      return std::errc::invalid_argument;
    }
  }
};

inline const std::error_category &error_category() noexcept {
  static const network_category category;
  return category;
}

/* A T, or the error in its place.  Like std::expected of C++23. */
template <typename T>
class [[nodiscard]] result {
public:
  result(T &&value) noexcept : content(std::move(value)) {}
  result(std::error_code error) noexcept : failure(error) {}

  explicit operator bool() const noexcept { return !failure; }
  std::error_code error() const noexcept { return failure; }
  /* Only where there is no error. */
  T &operator*() & noexcept { return content; }
  T &&operator*() && noexcept { return std::move(content); }
  T *operator->() noexcept { return &content; }

private:
  T content;
  std::error_code failure;
};

inline constexpr std::size_t any_size = static_cast<std::size_t>(-1);

/* Exactly Size elements in a row, of an array of that size: others do not
 * compile.  Converts as std::span of C++20 does, and from that one. */
template <typename T, std::size_t Size = any_size>
class span {
  using value = std::remove_const_t<T>;

public:
  constexpr span(T (&array)[Size]) noexcept : pointer(array) {}
  constexpr span(std::array<value, Size> &array) noexcept
      : pointer(array.data()) {}
  template <typename U = T, std::enable_if_t<std::is_const_v<U>, int> = 0>
  constexpr span(const std::array<value, Size> &array) noexcept
      : pointer(array.data()) {}
  template <typename U, std::enable_if_t<std::is_same_v<const U, T>, int> = 0>
  constexpr span(span<U, Size> other) noexcept : pointer(other.data()) {}
#ifdef __cpp_lib_span
  constexpr span(std::span<T, Size> other) noexcept : pointer(other.data()) {}
  template <typename U, std::enable_if_t<std::is_same_v<const U, T>, int> = 0>
  constexpr span(std::span<U, Size> other) noexcept : pointer(other.data()) {}
#endif

  /* Of memory that holds at least Size elements, which is not checked. */
  static constexpr span unchecked(T *first) noexcept { return span(first, 0); }

  constexpr T *data() const noexcept { return pointer; }
  static constexpr std::size_t size() noexcept { return Size; }
  constexpr T *begin() const noexcept { return pointer; }
  constexpr T *end() const noexcept { return pointer + Size; }
  constexpr T &operator[](std::size_t index) const noexcept {
    return pointer[index];
  }

private:
  constexpr span(T *first, int) noexcept : pointer(first) {}

  T *pointer;
};

/* Any number of elements in a row: of an array, of a container such as
 * std::vector, or of a pointer and how many it points to. */
template <typename T>
class span<T, any_size> {
public:
  constexpr span(T *first, std::size_t count) noexcept
      : pointer(first), length(count) {}
  template <typename Container,
            std::enable_if_t<
                std::is_convertible_v<std::remove_pointer_t<decltype(std::data(
                                          std::declval<Container &>()))> (*)[],
                                      T (*)[]>,
                int> = 0>
  constexpr span(Container &&container) noexcept
      : pointer(std::data(container)), length(std::size(container)) {}

  constexpr T *data() const noexcept { return pointer; }
  constexpr std::size_t size() const noexcept { return length; }
  constexpr T *begin() const noexcept { return pointer; }
  constexpr T *end() const noexcept { return pointer + length; }
  constexpr T &operator[](std::size_t index) const noexcept {
    return pointer[index];
  }

private:
  T *pointer;
  std::size_t length;
};

/* What a parallel_for is to run once for each index below its count, with
 * worker < workers and never one worker twice at once; see mobileone_task. */
class task {
public:
  task(mobileone_task function, void *context) noexcept
      : run(function), argument(context) {}
  void operator()(std::uint32_t index, std::uint32_t worker) const {
    run(argument, index, worker);
  }

private:
  mobileone_task run;
  void *argument;
};

/* Whose threads run a call, and how many of its tasks may run at once. */
class worker_set {
public:
  /* The caller's thread alone. */
  worker_set() noexcept = default;
  /* As a mobileone_call has them, such as those of runtime/thread_pool.h:
   * {mobileone_thread_pool_workers(pool), mobileone_thread_pool_run, pool}. */
  worker_set(std::uint32_t workers, mobileone_parallel_for function,
             void *user) noexcept
      : number(workers), run(function), argument(user) {}
  /* 'parallel_for(count, each)' calls each(index, worker) for every index,
   * returns when all have ended, and gives nothing, or an int that is not zero
   * where not all ran.  It is not copied: it lives as long as the call.  What
   * it throws ends the program. */
  template <typename Callable,
            std::enable_if_t<
                std::is_invocable_v<Callable &, std::uint32_t, const task &>,
                int> = 0>
  worker_set(std::uint32_t workers, Callable &parallel_for) noexcept
      : number(workers), run(call<Callable>),
        argument(const_cast<void *>(
            static_cast<const void *>(std::addressof(parallel_for)))) {}

  std::uint32_t count() const noexcept { return number; }
  void fill(mobileone_call &call) const noexcept {
    call.workers = number;
    call.parallel_for = run;
    call.parallel_user = argument;
  }

private:
  template <typename Callable>
  static int call(void *user, std::uint32_t count, mobileone_task function,
                  void *context) noexcept {
    Callable &parallel_for = *static_cast<Callable *>(user);
    using returned = decltype(parallel_for(count, task(function, context)));
    static_assert(std::is_void_v<returned> || std::is_same_v<returned, int>,
                  "a parallel_for returns nothing, or an int: 0 when all ran");
    if constexpr (std::is_void_v<returned>) {
      parallel_for(count, task(function, context));
      return 0;
    } else {
      return parallel_for(count, task(function, context));
    }
  }

  std::uint32_t number = 1;
  mobileone_parallel_for run = nullptr;
  void *argument = nullptr;
};

/* Ends calls that look at it, from any thread, when their layer ends. */
class cancel_flag {
public:
  void request() noexcept { value.store(1, std::memory_order_relaxed); }
  void reset() noexcept { value.store(0, std::memory_order_relaxed); }
  bool is_requested() const noexcept {
    return value.load(std::memory_order_relaxed) != 0;
  }
  const volatile int *get() const noexcept {
    return reinterpret_cast<const volatile int *>(&value);
  }

private:
  std::atomic<int> value{0};
  static_assert(sizeof(std::atomic<int>) == sizeof(int) &&
                    std::atomic<int>::is_always_lock_free,
                "the object reads an int");
};

/* What a call may have beside its buffers; see mobileone_call. */
struct call_options {
  worker_set workers;
  const cancel_flag *cancel = nullptr;
  /* From one row of the input to the next; 0: dense rows.  Of run_batch(),
   * whose input may be larger. */
  std::size_t input_row_bytes = 0;
  std::uint32_t isa = MOBILEONE_ISA_NONE;
  /* Receives which field was wrong, by its name in mobileone_call. */
  mobileone_error_detail *detail = nullptr;
  void (*on_layer)(void *user, std::uint32_t layer, std::uint32_t phase,
                   const float *data, std::size_t length) = nullptr;
  void *on_layer_user = nullptr;
};

/* The content of NAME.weights, 64-byte aligned, which models use as long as
 * they are; runtime/weights.h maps and checks the file. */
struct external_weights {
  const void *data = nullptr;
  std::size_t bytes = 0;
};

/* Memory that begins at a multiple of 64 bytes. */
class arena {
public:
  arena() noexcept = default;
  arena(arena &&other) noexcept
      : block(std::exchange(other.block, nullptr)),
        bytes(std::exchange(other.bytes, 0)) {}
  arena &operator=(arena &&other) noexcept {
    std::swap(block, other.block);
    std::swap(bytes, other.bytes);
    return *this;
  }
  ~arena() { std::free(block); }

  /* Makes room for 'wanted' bytes; what it held is lost.  False, and as it
   * was, if memory runs out. */
  bool grow(std::size_t wanted) noexcept {
    if (wanted <= bytes)
      return true;
    void *larger = wanted > any_size - alignment
                       ? nullptr
                       : std::malloc(wanted + alignment);
    if (!larger)
      return false;
    std::free(std::exchange(block, larger));
    bytes = wanted;
    return true;
  }
  void *data() const noexcept {
    void *start = block;
    std::size_t room = bytes + alignment;
    return block ? std::align(alignment, bytes, start, room) : nullptr;
  }
  std::size_t size() const noexcept { return bytes; }

private:
  static constexpr std::size_t alignment = 64;

  void *block = nullptr;
  std::size_t bytes = 0;
};

/* How many outputs a network has. */
template <typename Network>
inline constexpr std::size_t output_count = std::size(Network::result_lengths);

/* The span of a network's only output, or a tuple of one for each. */
template <typename Network,
          typename Indices = std::make_index_sequence<output_count<Network>>>
struct spans_of;
template <typename Network>
struct spans_of<Network, std::index_sequence<0>> {
  using type = span<float, Network::batch * Network::result_lengths[0]>;
};
template <typename Network, std::size_t... Indices>
struct spans_of<Network, std::index_sequence<Indices...>> {
  using type = std::tuple<
      span<float, Network::batch * Network::result_lengths[Indices]>...>;
};

/* A network that can be called.  It owns the memory that a call works in, so
 * each thread has a model of its own; the weights are there once.  It is moved,
 * not copied, and what it was moved from can be used again.
 *
 * Network is a type of a generated header. */
template <typename Network>
class model {
public:
  using element = typename Network::element;
  template <typename Size>
  using input_span_of = span<const element, Size::input_length>;
  template <typename Size>
  using output_spans_of = typename spans_of<Size>::type;
  using input_span = input_span_of<Network>;
  using output_spans = output_spans_of<Network>;
  /* The same of sizes that are checked when they are used. */
  using output_array = std::array<span<float>, output_count<Network>>;

  /* Allocates at its first call; without weights where they are not in the
   * object. */
  model() noexcept = default;

  /* A model that has the memory for calls of so many images and workers.
   * Errors: as of reserve(). */
  template <typename N = Network,
            std::enable_if_t<!N::has_external_weights, int> = 0>
  static result<model> create(std::uint32_t images = Network::batch,
                              std::uint32_t workers = 1) noexcept {
    return create_with({}, images, workers);
  }
  /* The same where the weights are not in the object.  They are looked at by
   * run(): MOBILEONE_BAD_WEIGHTS, MOBILEONE_MISALIGNED_BUFFER,
   * MOBILEONE_SHORT_BUFFER. */
  template <typename N = Network,
            std::enable_if_t<N::has_external_weights, int> = 0>
  static result<model> create(external_weights weights,
                              std::uint32_t images = Network::batch,
                              std::uint32_t workers = 1) noexcept {
    return create_with(weights, images, workers);
  }

  /* Sees that a call of so many images and workers, which may need more memory
   * than one of fewer workers and less than one of more, does not allocate.
   * Errors: MOBILEONE_BAD_BATCH, std::errc::not_enough_memory. */
  [[nodiscard]] std::error_code reserve(std::uint32_t images,
                                        std::uint32_t workers = 1) noexcept {
    const std::size_t bytes = Network::arena_bytes(images, workers);
    if (bytes == 0)
      return MOBILEONE_BAD_BATCH;
    if (!memory.grow(bytes))
      return std::make_error_code(std::errc::not_enough_memory);
    return {};
  }

  /* Runs Network::batch images.  The bits of the outputs are those of P_run();
   * on an error a single one is untouched.  All lie apart from each other.
   * 'Size', one of the generated header, is that of the images where it is not
   * the first.  Errors: mobileone_error, and std::errc::not_enough_memory where
   * the model has less memory than 'options' needs. */
  template <typename Size = Network>
  [[nodiscard]] std::error_code run(input_span_of<Size> input,
                                    output_spans_of<Size> outputs,
                                    const call_options &options = {}) noexcept {
    return run_arrays<Size>(Network::batch, input, as_array(outputs), options);
  }

  /* The same for any number of images, one after the other in 'input' and in
   * 'output', whose sizes are checked now: MOBILEONE_SHORT_BUFFER. */
  template <typename Size = Network,
            std::enable_if_t<output_count<Size> == 1, int> = 0>
  [[nodiscard]] std::error_code
  run_batch(std::uint32_t images, span<const element> input, span<float> output,
            const call_options &options = {}) noexcept {
    return run_arrays<Size>(images, input, {output}, options);
  }
  /* Of several outputs. */
  template <typename Size = Network,
            std::enable_if_t<output_count<Size> != 1, int> = 0>
  [[nodiscard]] std::error_code
  run_batch(std::uint32_t images, span<const element> input,
            const output_array &outputs,
            const call_options &options = {}) noexcept {
    return run_arrays<Size>(images, input, outputs, options);
  }

  /* What the network is; see mobileone_model_info. */
  static const mobileone_model_info &info() noexcept {
    return *Network::info();
  }
  /* The mobileone_isa_level in use here, 0 if the CPU lacks it. */
  static std::uint32_t isa() noexcept { return Network::isa(); }

private:
  static result<model> create_with(external_weights weights,
                                   std::uint32_t images,
                                   std::uint32_t workers) noexcept {
    model made;
    made.weights = weights;
    if (std::error_code error = made.reserve(images, workers))
      return error;
    return made;
  }
  template <typename Size>
  std::error_code run_arrays(std::uint32_t images, span<const element> input,
                             const output_array &outputs,
                             const call_options &options) noexcept {
    static_assert(std::is_base_of_v<Network, Size>,
                  "an image size of another network");
    // Before memory is allocated for a call that cannot be.
    if (std::error_code error =
            expect(options, "input_bytes", images, Size::image_length,
                   input.size(), sizeof(element)))
      return error;
    float *pointers[output_count<Network>];
    std::size_t output_bytes[output_count<Network>];
    for (std::size_t i = 0; i != outputs.size(); ++i) {
      if (std::error_code error =
              expect(options, "output_bytes", images, Size::result_lengths[i],
                     outputs[i].size(), sizeof(float)))
        return error;
      pointers[i] = outputs[i].data();
      output_bytes[i] = outputs[i].size() * sizeof(float);
    }
    if (std::error_code error = reserve(images, options.workers.count()))
      return error;

    mobileone_call call = {};
    call.struct_size = sizeof call;
    call.batch = images;
    call.height = Size::height;
    call.width = Size::width;
    call.input = input.data();
    call.input_bytes = input.size() * sizeof(element);
    call.input_row_bytes = options.input_row_bytes;
    call.outputs = pointers;
    call.output_bytes = output_bytes;
    call.output_count = static_cast<std::uint32_t>(outputs.size());
    call.arena = memory.data();
    call.arena_bytes = memory.size();
    call.weights = weights.data;
    call.weights_bytes = weights.bytes;
    options.workers.fill(call);
    call.cancel = options.cancel ? options.cancel->get() : nullptr;
    call.on_layer = options.on_layer;
    call.on_layer_user = options.on_layer_user;
    call.isa = options.isa;
    call.detail = options.detail;
    const int error = Network::run_ex(&call);
    if (error != MOBILEONE_OK)
      return static_cast<mobileone_error>(error);
    return {};
  }
  template <std::size_t Size>
  static output_array as_array(span<float, Size> output) noexcept {
    return {span<float>(output.data(), Size)};
  }
  template <std::size_t... Sizes>
  static output_array
  as_array(const std::tuple<span<float, Sizes>...> &outputs) noexcept {
    return std::apply(
        [](auto... output) {
          return output_array{span<float>(output.data(), output.size())...};
        },
        outputs);
  }
  static std::error_code expect(const call_options &options, const char *field,
                                std::uint32_t images, std::size_t length,
                                std::size_t count, std::size_t bytes) noexcept {
    if (count / length >= images)
      return {};
    if (options.detail)
      *options.detail = {MOBILEONE_SHORT_BUFFER, 0, field,
                         std::uint64_t{images} * length * bytes,
                         std::uint64_t{count} * bytes};
    return MOBILEONE_SHORT_BUFFER;
  }

  external_weights weights;
  arena memory;
};

} // namespace v1
} // namespace mobileone

inline std::error_code make_error_code(mobileone_error error) noexcept {
  return {error, mobileone::v1::error_category()};
}

#endif /* MOBILEONE_WRAPPER_1 */
