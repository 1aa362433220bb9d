// How the code bases that train MobileOne name its tensors.
#ifndef MOBILEONE_COMPILER_IMPORT_LAYOUTS_H
#define MOBILEONE_COMPILER_IMPORT_LAYOUTS_H

#include "compiler/Import/Network.h"
#include "llvm/ADT/SmallVector.h"

namespace mobileone {

/// The words of one layout. The path of a module is
/// `root + block + "." + part`, for example "backbone.stage1.0.branch_norm".
struct KeyLayout {
  llvm::StringLiteral name;
  llvm::StringLiteral root;           // before every block
  llvm::StringLiteral stem;           // the block "stem"
  llvm::StringLiteral stage;          // before a stage's number
  int64_t firstStage;                 // the number of stage 1
  llvm::StringLiteral identity;       // norm of the input
  llvm::StringLiteral branch;         // before a branch's number
  llvm::StringLiteral scale;          // 1x1 branch
  llvm::StringLiteral norm;           // beside ".conv" in a branch
  llvm::StringLiteral folded;         // the convolution of the deploy form
  llvm::StringLiteral reduce, expand; // of squeeze-and-excite
  llvm::StringLiteral head;           // the classifier, with its own root

  /// The path of the block that is called `stem` or `stage<n>.<b>` here.
  std::string getBlockPath(llvm::StringRef block) const;
};

/// apple, mmpretrain, timm, encoder (apple's names in a segmentation model),
/// and what mmpretrain's backbone and timm's `features_only` models save alone.
llvm::ArrayRef<KeyLayout> getLayouts();

/// `key` without what DataParallel, torch.compile, FSDP and activation
/// checkpointing put anywhere into it, such as "module.".
std::string dropInfixes(llvm::StringRef key);

/// Whether `text` holds `word`, which a capital may begin: "ema" of
/// "model_ema", "ema2" and "netEMA", not of "schema".
bool hasWord(llvm::StringRef text, llvm::StringRef word);

/// Whether `text` holds "ema", as what belongs to averaged weights does.
bool namesAverage(llvm::StringRef text);

/// Where a network may stand among the keys of a dictionary.
struct Place {
  const KeyLayout *layout;
  std::string prefix; // before the layout's root: "", "student."
  /// Prefixes of other networks below this one, which are no part of it.
  std::vector<std::string> nested = {};
};

/// The places of whose stem `key`, without infixes, is the first filter.
llvm::SmallVector<Place> findPlaces(llvm::StringRef key);

/// A tensor that a network needs.
struct Slot {
  /// The same for every layout: "stage1.0.conv0.filter".
  std::string name;
  /// In the file: "stages.0.0.conv_kxk.0.conv.weight".
  std::string key;
  /// In the file. Dimensions from `rank` on are 1 and no part of the weights.
  llvm::SmallVector<int64_t, 4> shape;
  unsigned rank;
};

/// The parts of a network that a checkpoint holds.
struct Form {
  bool isDeploy; // one folded convolution per block
  bool hasHead;
};

/// Every tensor of `network`, in the order of the data. It has at most one head
/// here, at the usual place; unknown classes are counted as 0.
std::vector<Slot> listSlots(const NetworkSpec &network, const KeyLayout &layout,
                            Form form, llvm::StringRef prefix = "");

} // namespace mobileone

#endif // MOBILEONE_COMPILER_IMPORT_LAYOUTS_H
