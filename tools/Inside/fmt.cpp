// Debian has {fmt} as a shared library alone. Its functions, compiled from its
// headers: with them a tool does not need that library, which is then left out.
// (Headers alone would compile them again for each file that formats.)
#include <fmt/format-inl.h>

#if FMT_VERSION < 100000
FMT_BEGIN_NAMESPACE
namespace detail {
template FMT_API auto dragonbox::to_decimal(float) noexcept
    -> dragonbox::decimal_fp<float>;
template FMT_API auto dragonbox::to_decimal(double) noexcept
    -> dragonbox::decimal_fp<double>;
template FMT_API auto thousands_sep_impl(locale_ref)
    -> thousands_sep_result<char>;
template FMT_API auto decimal_point_impl(locale_ref) -> char;
} // namespace detail
FMT_END_NAMESPACE
#endif
