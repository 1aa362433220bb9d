// The names and types of Contract.h for code generators.
#ifndef MOBILEONE_COMPILER_CONTRACT_PROTOTYPE_H
#define MOBILEONE_COMPILER_CONTRACT_PROTOTYPE_H

#include "compiler/Contract/Contract.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

#include <array>

namespace mobileone {

/// What machine code knows of a type of C.
enum class MachineType { Void, Int32, Size, Pointer };

template <typename T>
constexpr MachineType getMachineType() {
  if constexpr (std::is_void_v<T>)
    return MachineType::Void;
  else if constexpr (std::is_pointer_v<T>)
    return MachineType::Pointer;
  else if constexpr (std::is_same_v<T, uint64_t>)
    return MachineType::Size;
  else {
    static_assert(std::is_integral_v<T> && sizeof(T) == 4,
                  "expects a pointer, uint64_t or an integer of 32 bits");
    return MachineType::Int32;
  }
}

/// What a function returns and takes.
struct Signature {
  MachineType result;
  llvm::ArrayRef<MachineType> arguments;
};

template <typename Function>
struct SignatureOf;
template <typename Result, typename... Arguments>
struct SignatureOf<Result(Arguments...)> {
  static constexpr std::array<MachineType, sizeof...(Arguments)> kArguments{
      getMachineType<Arguments>()...};
  static constexpr Signature kSignature{getMachineType<Result>(), kArguments};
  /// The place of the first argument of type T; there must be one.
  template <typename T>
  static constexpr unsigned find() {
    constexpr bool kAreT[] = {std::is_same_v<T, Arguments>...};
    unsigned place = 0;
    while (!kAreT[place])
      ++place;
    return place;
  }
};

/// The same function without its first argument.
template <typename Function>
struct WithoutFirst;
template <typename Result, typename First, typename... Others>
struct WithoutFirst<Result(First, Others...)> {
  using Type = Result(Others...);
};

/// A function by its name.
struct Prototype {
  llvm::StringLiteral name;
  Signature signature;
};

/// The prototype of a function of Contract.h.
#define MOBILEONE_PROTOTYPE(function)                                          \
  ::mobileone::Prototype {                                                     \
    #function, ::mobileone::SignatureOf<                                       \
                   decltype(::mobileone::contract::function)>::kSignature      \
  }

/// The name of a variable of Contract.h.
#define MOBILEONE_NAME(variable)                                               \
  ((void)sizeof(&::mobileone::contract::variable),                             \
   llvm::StringLiteral(#variable))

/// The network's constants.
inline constexpr llvm::StringLiteral kWeights = MOBILEONE_NAME(weights);

/// The hooks of layers.
inline constexpr Prototype kBeginLayer = MOBILEONE_PROTOTYPE(begin_layer);
inline constexpr Prototype kEndLayer = MOBILEONE_PROTOTYPE(end_layer);

/// The network of one size and level.
using NetworkFunction =
    WithoutFirst<WithoutFirst<decltype(contract::network)>::Type>::Type;
inline constexpr Prototype kNetwork{MOBILEONE_PROTOTYPE(network).name,
                                    SignatureOf<NetworkFunction>::kSignature};
/// The place of the buffers of its outputs. Until the last conversion each is
/// an argument of its own, and what follows is further behind.
inline constexpr unsigned kOutputsArgument =
    SignatureOf<NetworkFunction>::find<float *const *>();
/// The place of its arena, which is there once buffers are planned.
inline constexpr unsigned kArenaArgument =
    SignatureOf<NetworkFunction>::find<void *>();
/// The place of its weights.
inline constexpr unsigned kWeightsArgument =
    SignatureOf<NetworkFunction>::find<const char *>();
/// The place of the image that it hands to the hooks.
inline constexpr unsigned kImageArgument =
    SignatureOf<NetworkFunction>::find<const contract::image *>();
/// All of them.
inline constexpr size_t kNetworkArguments =
    SignatureOf<NetworkFunction>::kArguments.size();

/// The type of such a function before the conversion to LLVM: sizes are of type
/// index.
mlir::FunctionType getFunctionType(const Signature &signature,
                                   mlir::MLIRContext *context);

/// Its type in the LLVM dialect.
mlir::LLVM::LLVMFunctionType getLLVMType(const Signature &signature,
                                         mlir::MLIRContext *context);

} // namespace mobileone

#endif // MOBILEONE_COMPILER_CONTRACT_PROTOTYPE_H
