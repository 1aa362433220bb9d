// Checks of the flags' values.
#include "Validators.h"

#include "compiler/Import/Importer.h"
#include "compiler/Import/Network.h"
#include "compiler/Import/Normalization.h"
#include "compiler/Import/Outputs.h"
#include "compiler/Machine/Target.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <fmt/format.h>

using namespace llvm;

namespace mobileone::run {

CLI::Validator aName() {
  return CLI::Validator(
      [](const std::string &value) {
        return value.empty() ? "expects a name, but got ''" : std::string();
      },
      "");
}

static bool isLarge(StringRef value) {
  return !value.ltrim('0').empty() && all_of(value, isDigit);
}

CLI::Validator countUpTo(uint32_t most) {
  return CLI::Validator(
      [most](std::string &value) {
        uint32_t count;
        if (StringRef(value).getAsInteger(10, count) || count < 1 ||
            count > most)
          return fmt::format("expects {}, but got {}",
                             most == anyNumber && !isLarge(value)
                                 ? "at least 1"
                                 : fmt::format("1 to {}", most),
                             value.empty() ? "''" : value);
        value = std::to_string(count);
        return std::string();
      },
      "");
}

CLI::Validator imageSize() {
  return CLI::Validator(
      [](const std::string &value) {
        return ImageSize::parse(value)
                   ? std::string()
                   : fmt::format("expects HxW, as 224x224, but got '{}'",
                                 value);
      },
      "");
}

CLI::Validator isaLevel() {
  return CLI::Validator(
      [](const std::string &value) {
        // Objects of other machines do not run here.
        const mobileone::Target *host = mobileone::findHostTarget();
        const uint32_t levels = host ? host->getLevelBits() : 0;
        const mobileone::IsaLevel *level = mobileone::findIsaLevel(value);
        return level && levels >> level->number & 1
                   ? std::string()
                   : fmt::format("expects one of {}, but got {}",
                                 mobileone::formatIsaLevels(levels), value);
      },
      "");
}

CLI::Validator positiveNumber() {
  return CLI::Validator(
      [](const std::string &value) {
        const std::optional<double> number = parseFloat(value);
        return number && *number > 0
                   ? std::string()
                   : fmt::format("expects a finite number above 0, but got "
                                 "'{}'",
                                 value);
      },
      "");
}

CLI::Validator networkName() {
  return CLI::Validator(
      [](const std::string &value) {
        return value == "auto" || isNetworkName(value)
                   ? std::string()
                   : fmt::format("expects auto, s0 to s4 or a .json file, but "
                                 "got '{}'",
                                 value);
      },
      "");
}

CLI::Validator headList() {
  return CLI::Validator(
      [](const std::string &value) {
        auto heads = parseHeads(value);
        return heads ? std::string() : llvm::toString(heads.takeError());
      },
      "");
}

} // namespace mobileone::run
