// The page that shows where a model's time goes.
#ifndef MOBILEONE_TOOLS_MOBILEONE_RUN_PROFILEPAGE_H
#define MOBILEONE_TOOLS_MOBILEONE_RUN_PROFILEPAGE_H

#include <cstdint>
#include <string>
#include <vector>

namespace mobileone::run {

/// Layers that were computed together, mostly one.
struct ProfiledLayer {
  std::string name;  // of all of them: "stage1.0 + stage1.1"
  std::string shape; // of the last one's result: "112x112x48"
  uint64_t resultBytes = 0;
  uint64_t multiplyAdds = 0;
  uint32_t algorithm = 0; // mobileone_algorithm, of any the most levels
  double seconds = 0;     // the least of all rounds

  /// Floating-point operations in a second.
  double speed() const { return 2.0 * multiplyAdds / seconds; }
};

struct Profile {
  std::string model;
  uint32_t rounds = 0;
  uint32_t threads = 1;
  std::vector<ProfiledLayer> layers;
  double networkSeconds = 0; // the least of all rounds
  double peak = 0;           // operations in a second; 0: unknown

  double layerSeconds() const;
};

/// One HTML file that needs no other and runs no script.
std::string makeProfilePage(const Profile &profile);

} // namespace mobileone::run

#endif // MOBILEONE_TOOLS_MOBILEONE_RUN_PROFILEPAGE_H
