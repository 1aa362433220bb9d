// What the flags' values must be: each returns the rule and the value that
// breaks it, or changes the value to its plain form.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_VALIDATORS_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_VALIDATORS_H

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>

namespace mobileone::run {

/// Of a file or folder: not empty.
CLI::Validator aName();

constexpr uint32_t anyNumber = std::numeric_limits<uint32_t>::max();
/// A decimal number from 1 on. CLI11 alone reads 010 as 8.
CLI::Validator countUpTo(uint32_t most = anyNumber);

/// "HxW"
CLI::Validator imageSize();

/// A level that objects of this machine can have.
CLI::Validator isaLevel();

/// As a float, too.
CLI::Validator positiveNumber();

/// As --variant of mobileone-opt.
CLI::Validator networkName();

/// As --heads of mobileone-opt.
CLI::Validator headList();

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_VALIDATORS_H
