#include "bench/cuda/gpu_texts.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace tok::cuda {
namespace {

constexpr size_t kDocumentBytes = 4000;
constexpr size_t kHardDocumentBytes = 1'000'000;
constexpr size_t kHardBytes = 64'000'000;

GpuText ReadText(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(in)), {});
  GpuText text{std::filesystem::path(file).stem(), {}, {0}, false};
  const bool ends_in_nul = all.find('\0') != std::string::npos;
  for (size_t begin = 0; begin < all.size();) {
    const size_t from = ends_in_nul ? begin : std::min(all.size(), begin + kDocumentBytes);
    const size_t end = std::min(all.find(ends_in_nul ? '\0' : '\n', from), all.size() - 1) + 1;
    text.Add(std::string_view(all).substr(begin, end - begin - (ends_in_nul ? 1 : 0)));
    begin = end;
  }
  return text;
}

// Documents of 1 MB, each a piece or hardly more.
GpuText HardText(const std::string& name, const std::string& alphabet, bool is_random) {
  std::mt19937 random(1);
  GpuText text{"hard: " + name, {}, {0}, true};
  while (text.bytes.size() < kHardBytes) {
    std::string document = "x ";
    for (size_t i = 0; document.size() < kHardDocumentBytes; ++i)
      document += is_random ? alphabet[random() % alphabet.size()] : alphabet[i % alphabet.size()];
    text.Add(document);
  }
  return text;
}

// The same, of a few letters repeated some thousand times, then others: runs that begin and end anywhere.
GpuText RhythmsText() {
  std::mt19937 random(1);
  GpuText text{"hard: rhythms", {}, {0}, true};
  while (text.bytes.size() < kHardBytes) {
    std::string document = "x ";
    while (document.size() < kHardDocumentBytes) {
      std::string unit;
      for (size_t n = 1 + random() % 6; n > 0; --n) unit += static_cast<char>('a' + random() % 26);
      for (size_t n = 1000 + random() % 20'000; n > unit.size(); n -= unit.size()) document += unit;
    }
    text.Add(document);
  }
  return text;
}

}  // namespace

std::vector<GpuText> ReadTexts(const std::vector<std::string>& files) {
  std::vector<GpuText> texts;
  for (const std::string& file : files) {
    if (file != "adversarial") {
      texts.push_back(ReadText(file));
      continue;
    }
    texts.push_back(HardText("one letter", "a", false));
    texts.push_back(HardText("two letters", "ab", false));
    texts.push_back(HardText("random letters", "abcdefghijklmnopqrstuvwxyz", true));
    texts.push_back(HardText("blanks", " ", false));
    texts.push_back(HardText("digits", "0123456789", true));
    texts.push_back(HardText("symbols", "-=*#+!?", true));
    texts.push_back(RhythmsText());
  }
  return texts;
}

}  // namespace tok::cuda
