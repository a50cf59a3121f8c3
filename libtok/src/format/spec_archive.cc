#include "src/format/spec_archive.h"

#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "tok/spec_fields.h"

namespace tok {

template <>
inline constexpr SpecNames<4> kFieldNames<PieceRules> = {"unicode", "alphabet", "normalizers",
                                                         "pre_tokenizers"};
template <>
inline constexpr SpecNames<4> kFieldNames<PieceCounts::Origin> = {"rules", "sequence_unit", "documents",
                                                                  "bytes"};

namespace {

// ---- The two archives ---------------------------------------------------------------------------------------------

class Writer {
 public:
  static constexpr bool kReads = false;
  explicit Writer(std::string* out) : out_(out) {}
  void Raw(const void* data, size_t n_bytes) { out_->append(static_cast<const char*>(data), n_bytes); }
  bool ok() const { return true; }

 private:
  std::string* out_;
};

class Reader {
 public:
  static constexpr bool kReads = true;
  explicit Reader(std::string_view in) : in_(in) {}
  void Raw(void* data, size_t n_bytes) {
    if (!Require(n_bytes) || n_bytes == 0) return;
    std::memcpy(data, in_.data(), n_bytes);
    in_.remove_prefix(n_bytes);
  }
  // False, and the whole reading failed, if fewer than `n_bytes` are left.
  bool Require(uint64_t n_bytes) {
    ok_ = ok_ && n_bytes <= in_.size();
    return ok_;
  }
  void Fail() { ok_ = false; }
  bool ok() const { return ok_; }
  bool AtEnd() const { return in_.empty(); }

 private:
  std::string_view in_;
  bool ok_ = true;
};

// ---- Values -------------------------------------------------------------------------------------------------------
// `T` is const when writing, so each function below takes it as it comes.

template <typename A, typename T>
void Field(A& a, T& value);

template <typename A, typename T>
void Plain(A& a, T& value) {
  a.Raw(&value, sizeof(value));
}

// Size in front of `container`, resized to it when reading; false if reading failed.
template <typename A, typename T>
bool Size(A& a, T& container, size_t min_bytes_each) {
  uint64_t size = 0;
  if constexpr (!A::kReads) size = container.size();
  Plain(a, size);
  if constexpr (A::kReads) {
    if (size > UINT32_MAX || !a.Require(size * min_bytes_each)) {
      a.Fail();
      return false;
    }
    container.resize(size);
  }
  return a.ok();
}

template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};
template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <typename T>
struct IsVariant : std::false_type {};
template <typename... T>
struct IsVariant<std::variant<T...>> : std::true_type {};

template <typename A, typename T, size_t... I>
void Alternative(A& a, T& variant, size_t index, std::index_sequence<I...>) {
  const auto one = [&]<size_t kIndex>() {
    if (index != kIndex) return;
    if constexpr (A::kReads) variant.template emplace<kIndex>();
    Field(a, std::get<kIndex>(variant));
  };
  (one.template operator()<I>(), ...);
}

template <typename A, typename T>
void Variant(A& a, T& variant) {
  constexpr size_t kCount = std::variant_size_v<std::remove_const_t<T>>;
  auto index = static_cast<uint32_t>(variant.index());
  Plain(a, index);
  if constexpr (A::kReads) {
    if (index >= kCount) return a.Fail();
  }
  Alternative(a, variant, index, std::make_index_sequence<kCount>());
}

template <typename A, typename T>
void Optional(A& a, T& optional) {
  bool present = optional.has_value();
  Field(a, present);
  if constexpr (A::kReads) {
    if (present) optional.emplace();
  }
  if (present) Field(a, *optional);
}

template <typename A, typename T>
void Vector(A& a, T& vector) {
  using Item = typename std::remove_const_t<T>::value_type;
  constexpr bool kFlat = std::is_same_v<Item, Merge> || std::is_arithmetic_v<Item>;
  if constexpr (kFlat) {
    if (Size(a, vector, sizeof(Item))) a.Raw(vector.data(), vector.size() * sizeof(Item));
  } else {
    // Grows with what is read: an item is far larger than the least of its bytes.
    uint64_t size = vector.size();
    Plain(a, size);
    if constexpr (A::kReads) vector.clear();
    for (uint64_t i = 0; i < size && a.ok(); ++i) {
      if constexpr (A::kReads) vector.emplace_back();
      Field(a, vector[i]);
    }
  }
}

template <typename A, typename T>
void Field(A& a, T& value) {
  using Value = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Value, bool>) {
    auto byte = static_cast<uint8_t>(value);
    Plain(a, byte);
    if constexpr (A::kReads) value = byte != 0;
  } else if constexpr (std::is_enum_v<Value>) {
    auto number = static_cast<uint8_t>(value);
    Plain(a, number);
    if constexpr (A::kReads) {
      if (number >= kEnumNames<Value>.size()) return a.Fail();
      value = static_cast<Value>(number);
    }
  } else if constexpr (std::is_same_v<Value, char32_t>) {
    Plain(a, value);
    if constexpr (A::kReads) {
      const bool is_surrogate = value >= 0xD800 && value < 0xE000;
      if (value > 0x10FFFF || is_surrogate) a.Fail();
    }
  } else if constexpr (std::is_arithmetic_v<Value>) {
    Plain(a, value);
  } else if constexpr (std::is_same_v<Value, std::string>) {
    if (Size(a, value, 1)) a.Raw(value.data(), value.size());
  } else if constexpr (IsVector<Value>::value) {
    Vector(a, value);
  } else if constexpr (IsOptional<Value>::value) {
    Optional(a, value);
  } else if constexpr (IsVariant<Value>::value) {
    Variant(a, value);
  } else {
    ForEachField(value, [&a](const char*, auto& member) {
      if (a.ok()) Field(a, member);
    });
  }
}

// What decides no ids: names the tokenizer, or speaks to people.
template <typename T>
bool IsLabel(const TokenizerSpec& spec, const T& member) {
  const void* const at = &member;
  return at == &spec.name || at == &spec.source_format || at == &spec.warnings;
}

template <typename A, typename T>
void Whole(A& a, T& spec, bool with_labels) {
  ForEachField(spec, [&]<typename Member>(const char*, Member& member) {
    if constexpr (!std::is_same_v<std::remove_const_t<Member>, Vocabulary>) {
      if (with_labels || !IsLabel(spec, member)) Field(a, member);
    }
  });
}

}  // namespace

std::string ArchiveSpec(const TokenizerSpec& spec, bool with_labels) {
  std::string bytes;
  Writer writer(&bytes);
  Whole(writer, spec, with_labels);
  return bytes;
}

absl::Status UnarchiveSpec(std::string_view bytes, TokenizerSpec* spec) {
  Reader reader(bytes);
  Whole(reader, *spec, /*with_labels=*/true);
  if (!reader.ok() || !reader.AtEnd())
    return MakeError(ErrorCode::kBadFormat, "pipeline section", "malformed");
  return absl::OkStatus();
}

std::string ArchiveOrigin(const PieceCounts::Origin& origin) {
  std::string bytes;
  Writer writer(&bytes);
  Field(writer, origin);
  return bytes;
}

absl::Status UnarchiveOrigin(std::string_view bytes, PieceCounts::Origin* origin) {
  Reader reader(bytes);
  Field(reader, *origin);
  if (!reader.ok() || !reader.AtEnd()) return MakeError(ErrorCode::kBadFormat, "origin section", "malformed");
  return absl::OkStatus();
}

}  // namespace tok
