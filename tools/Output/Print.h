// Prints formatted text to a stream of C.
#ifndef MOBILEONE_TOOLS_OUTPUT_PRINT_H
#define MOBILEONE_TOOLS_OUTPUT_PRINT_H

#include <cstdio>
#include <fmt/format.h>

namespace mobileone {

/// Unlike fmt's own, does not end the process where the stream takes no more:
/// ToolProcess says so at the end.
template <typename... Args>
void print(std::FILE *file, fmt::format_string<Args...> format,
           Args &&...args) {
  std::string text = fmt::format(format, std::forward<Args>(args)...);
  std::fwrite(text.data(), 1, text.size(), file);
}

template <typename... Args>
void print(fmt::format_string<Args...> format, Args &&...args) {
  mobileone::print(stdout, format, std::forward<Args>(args)...);
}

} // namespace mobileone

#endif // MOBILEONE_TOOLS_OUTPUT_PRINT_H
