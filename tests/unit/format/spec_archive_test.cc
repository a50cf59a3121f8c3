// The archive of a specification: nothing is forgotten, nothing impossible is accepted.
#include "src/format/spec_archive.h"

#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "tok/formats.h"
#include "tok/spec_fields.h"

namespace tok {
namespace {

// A specification in which every optional is there, every list has an item and every variant is met with each of its
// alternatives.
template <typename Variant, size_t... I>
std::vector<Variant> OneOfEach(std::index_sequence<I...>) {
  return {Variant(std::in_place_index<I>)...};
}
template <typename Variant>
std::vector<Variant> OneOfEach() {
  return OneOfEach<Variant>(std::make_index_sequence<std::variant_size_v<Variant>>());
}

std::vector<TokenizerSpec> FullSpecs() {
  std::vector<TokenizerSpec> specs;
  for (const ModelSpec& model : OneOfEach<ModelSpec>()) {
    TokenizerSpec spec;
    spec.model = model;
    spec.added_tokens.resize(1);
    spec.normalizers = OneOfEach<normalizer::Step>();
    spec.pre_tokenizers = OneOfEach<pretokenizer::Step>();
    spec.decoder.steps = OneOfEach<decoder::Step>();
    spec.post_processor.single.resize(1);
    spec.post_processor.pair.resize(2);
    spec.post_processor.offset_trimming.emplace();
    specs.push_back(std::move(spec));
  }
  return specs;
}

// Moves the one value with number `target`, counted over all of a specification, away from what it was.
class Alteration {
 public:
  explicit Alteration(size_t target) : target_(target) {}

  // Whether there was a value with that number; `name` is its member's.
  bool Apply(TokenizerSpec* spec, std::string* name) {
    Visit("spec", *spec);
    *name = name_;
    return n_seen_ > target_;
  }

 private:
  bool IsTarget(const char* name) {
    if (n_seen_++ != target_) return false;
    name_ = name;
    return true;
  }

  template <typename T>
  void Visit(const char* name, T& value) {
    if constexpr (std::is_same_v<T, Vocabulary>) {
      return;  // beside the archive
    } else if constexpr (std::is_same_v<T, bool>) {
      if (IsTarget(name)) value = !value;
    } else if constexpr (std::is_enum_v<T>) {
      if (IsTarget(name)) value = static_cast<T>((static_cast<size_t>(value) + 1) % kEnumNames<T>.size());
    } else if constexpr (std::is_arithmetic_v<T>) {
      if (IsTarget(name)) value = value == T{7} ? T{8} : T{7};
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (IsTarget(name)) value += "x";
    } else if constexpr (requires { value.emplace_back(); }) {
      for (auto& item : value) Visit(name, item);
      if (IsTarget(name)) value.emplace_back();
    } else if constexpr (requires { value.index(); }) {
      std::visit([&](auto& chosen) { Visit(name, chosen); }, value);
    } else if constexpr (requires { value.has_value(); }) {
      if (value.has_value()) Visit(name, *value);
      if (IsTarget(name)) value.has_value() ? value.reset() : static_cast<void>(value.emplace());
    } else {
      ForEachField(value, [this](const char* member_name, auto& member) { Visit(member_name, member); });
    }
  }

  size_t target_, n_seen_ = 0;
  std::string name_;
};

// Equality by members, independent of the archive.
template <typename T>
bool Same(const T& a, const T& b) {
  if constexpr (std::is_same_v<T, Vocabulary>) {
    return true;
  } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, std::string>) {
    return a == b;
  } else if constexpr (requires { a.index(); }) {
    return a.index() == b.index() &&
           std::visit([&]<typename C>(const C& chosen) { return Same(chosen, std::get<C>(b)); }, a);
  } else if constexpr (requires { a.has_value(); }) {
    return a.has_value() == b.has_value() && (!a.has_value() || Same(*a, *b));
  } else if constexpr (requires { a.size(); }) {
    bool same = a.size() == b.size();
    for (size_t i = 0; same && i < a.size(); ++i) same = Same(a[i], b[i]);
    return same;
  } else {
    const auto members_a = SpecMembers(a), members_b = SpecMembers(b);
    return [&]<size_t... I>(std::index_sequence<I...>) {
      return (Same(std::get<I>(members_a), std::get<I>(members_b)) && ...);
    }
    (std::make_index_sequence<std::tuple_size_v<decltype(members_a)>>());
  }
}

TEST(SpecArchiveTest, EveryMemberGoesThrough) {
  for (const TokenizerSpec& full : FullSpecs()) {
    const std::string unchanged = ArchiveSpec(full, /*with_labels=*/true);
    size_t target = 0;
    for (std::string name;; ++target) {
      TokenizerSpec altered = full;
      if (!Alteration(target).Apply(&altered, &name)) break;
      ASSERT_FALSE(Same(altered, full)) << name;
      const std::string bytes = ArchiveSpec(altered, /*with_labels=*/true);
      EXPECT_NE(bytes, unchanged) << name << " is not in the archive";
      TokenizerSpec again;
      ASSERT_TRUE(UnarchiveSpec(bytes, &again).ok()) << name;
      EXPECT_TRUE(Same(again, altered)) << name;
      const bool is_label = name == "name" || name == "source_format" || name == "warnings";
      const bool same_identity = ArchiveSpec(altered, false) == ArchiveSpec(full, false);
      // A template item has a name too, which does count: files written again would differ.
      if (name != "name") {
        EXPECT_EQ(same_identity, is_label) << name;
      }
    }
    EXPECT_GT(target, 80u);
  }
}

TEST(SpecArchiveTest, EveryPrefixIsRefused) {
  const std::string bytes = ArchiveSpec(FullSpecs()[0], /*with_labels=*/true);
  for (size_t n_bytes = 0; n_bytes < bytes.size(); ++n_bytes) {
    TokenizerSpec spec;
    EXPECT_EQ(ErrorCodeOf(UnarchiveSpec(bytes.substr(0, n_bytes), &spec)), ErrorCode::kBadFormat) << n_bytes;
  }
}

// An enumeration whose number has no name, a code point that is none: no stage would know what to do.
TEST(SpecArchiveTest, ImpossibleValuesAreRefused) {
  const auto refused = [](const TokenizerSpec& spec) {
    TokenizerSpec again;
    return ErrorCodeOf(UnarchiveSpec(ArchiveSpec(spec, /*with_labels=*/true), &again)) ==
           ErrorCode::kBadFormat;
  };
  TokenizerSpec spec;
  EXPECT_FALSE(refused(spec));
  spec.alphabet = static_cast<VocabularyAlphabet>(2);
  EXPECT_TRUE(refused(spec));
  spec = {};
  spec.pre_tokenizers = {pretokenizer::Split{{}, static_cast<pretokenizer::Behavior>(200), false}};
  EXPECT_TRUE(refused(spec));
  for (const char32_t c : {0x110000u, 0xFFFFFFFFu, 0xD800u, 0xDFFFu}) {
    spec = {};
    spec.pre_tokenizers = {pretokenizer::CharDelimiter{c}};
    EXPECT_TRUE(refused(spec)) << std::hex << static_cast<uint32_t>(c);
    spec = {};
    spec.decoder.steps = {decoder::Strip{c}};
    EXPECT_TRUE(refused(spec)) << std::hex << static_cast<uint32_t>(c);
  }
  spec.decoder.steps = {decoder::Strip{0x10FFFF}};
  EXPECT_FALSE(refused(spec));
}

}  // namespace
}  // namespace tok
