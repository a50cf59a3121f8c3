#include "src/format/spec_archive.h"

#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace tok {
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

template <typename A, typename... T>
void Fields(A& a, T&... values) {
  (Field(a, values), ...);
}

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
  if (!Size(a, vector, kFlat ? sizeof(Item) : 1)) return;
  if constexpr (kFlat) {
    a.Raw(vector.data(), vector.size() * sizeof(Item));
  } else {
    for (auto& item : vector) {
      if (a.ok()) Field(a, item);
    }
  }
}

// ---- One list of fields a struct ----------------------------------------------------------------------------------

template <typename T, typename U>
concept Is = std::is_same_v<std::remove_const_t<T>, U>;

template <typename A>
void Struct(A& a, Is<Pattern> auto& v) {
  Fields(a, v.is_regex, v.text);
}
template <typename A>
void Struct(A& a, Is<AddedToken> auto& v) {
  Fields(a, v.id, v.content, v.single_word, v.lstrip, v.rstrip, v.normalized, v.special);
}
template <typename A>
void Struct(A& a, Is<normalizer::UnicodeForm> auto& v) {
  Fields(a, v.form);
}
template <typename A>
void Struct(A& a, Is<normalizer::Strip> auto& v) {
  Fields(a, v.left, v.right);
}
template <typename A>
void Struct(A& a, Is<normalizer::Bert> auto& v) {
  Fields(a, v.clean_text, v.handle_chinese_chars, v.strip_accents, v.lowercase);
}
template <typename A>
void Struct(A& a, Is<normalizer::Replace> auto& v) {
  Fields(a, v.pattern, v.content);
}
template <typename A>
void Struct(A& a, Is<normalizer::Prepend> auto& v) {
  Fields(a, v.text);
}
template <typename A>
void Struct(A& a, Is<normalizer::Precompiled> auto& v) {
  Fields(a, v.charsmap);
}
template <typename A>
void Struct(A& a, Is<normalizer::SentencePiece> auto& v) {
  Fields(a, v.charsmap, v.add_dummy_prefix, v.remove_extra_whitespaces, v.escape_whitespaces,
         v.treat_whitespace_as_suffix);
}
template <typename A>
void Struct(A& a, Is<pretokenizer::Split> auto& v) {
  Fields(a, v.pattern, v.behavior, v.invert);
}
template <typename A>
void Struct(A& a, Is<pretokenizer::ByteLevel> auto& v) {
  Fields(a, v.add_prefix_space, v.use_regex, v.trim_offsets);
}
template <typename A>
void Struct(A& a, Is<pretokenizer::Punctuation> auto& v) {
  Fields(a, v.behavior);
}
template <typename A>
void Struct(A& a, Is<pretokenizer::Digits> auto& v) {
  Fields(a, v.individual);
}
template <typename A>
void Struct(A& a, Is<pretokenizer::CharDelimiter> auto& v) {
  Fields(a, v.delimiter);
}
template <typename A>
void Struct(A& a, Is<pretokenizer::Metaspace> auto& v) {
  Fields(a, v.replacement, v.prepend_scheme, v.split);
}
template <typename A>
void Struct(A& a, Is<pretokenizer::FixedLength> auto& v) {
  Fields(a, v.n_chars);
}
template <typename A>
void Struct(A& a, Is<BpeModelSpec> auto& v) {
  Fields(a, v.mode, v.merges, v.dropout, v.unk_token, v.continuing_subword_prefix, v.end_of_word_suffix,
         v.fuse_unk, v.byte_fallback, v.ignore_merges);
}
template <typename A>
void Struct(A& a, Is<UnigramModelSpec> auto& v) {
  Fields(a, v.unk_id, v.byte_fallback, v.sentencepiece);
}
template <typename A>
void Struct(A& a, Is<WordPieceModelSpec> auto& v) {
  Fields(a, v.unk_token, v.continuing_subword_prefix, v.max_input_chars_per_word);
}
template <typename A>
void Struct(A& a, Is<WordLevelModelSpec> auto& v) {
  Fields(a, v.unk_token);
}
template <typename A>
void Struct(A& a, Is<SentencePieceLookupModelSpec> auto& v) {
  Fields(a, v.unit, v.byte_fallback);
}
template <typename A>
void Struct(A& a, Is<TemplateItem> auto& v) {
  Fields(a, v.kind, v.ids, v.tokens, v.name, v.type_id);
}
template <typename A>
void Struct(A& a, Is<TemplateSpec> auto& v) {
  Fields(a, v.single, v.pair, v.offset_trimming);
}
template <typename A>
void Struct(A& a, Is<decoder::Metaspace> auto& v) {
  Fields(a, v.replacement, v.prepend_scheme, v.split);
}
template <typename A>
void Struct(A& a, Is<decoder::WordPiece> auto& v) {
  Fields(a, v.prefix, v.cleanup);
}
template <typename A>
void Struct(A& a, Is<decoder::BpeSuffix> auto& v) {
  Fields(a, v.suffix);
}
template <typename A>
void Struct(A& a, Is<decoder::Strip> auto& v) {
  Fields(a, v.content, v.start, v.stop);
}
template <typename A>
void Struct(A& a, Is<decoder::Replace> auto& v) {
  Fields(a, v.pattern, v.content);
}
template <typename A>
void Struct(A& a, Is<decoder::Ctc> auto& v) {
  Fields(a, v.pad_token, v.word_delimiter_token, v.cleanup);
}
template <typename A>
void Struct(A& a, Is<decoder::SentencePiece> auto& v) {
  Fields(a, v.strip_dummy_prefix, v.treat_whitespace_as_suffix, v.unk_surface, v.denormalizer_charsmap);
}
template <typename A>
void Struct(A& a, Is<DecoderSpec> auto& v) {
  Fields(a, v.join_with_spaces, v.steps);
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
    if constexpr (A::kReads) value = static_cast<Value>(number);
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
  } else if constexpr (!std::is_empty_v<Value>) {
    Struct(a, value);
  }
}

template <typename A, typename T>
void Pipeline(A& a, T& spec) {
  Fields(a, spec.unicode_profile, spec.alphabet, spec.added_tokens, spec.normalizers, spec.pre_tokenizers,
         spec.model, spec.post_processor, spec.decoder);
}

template <typename A, typename T>
void Labels(A& a, T& spec) {
  Fields(a, spec.name, spec.source_format, spec.warnings);
}

}  // namespace

std::string ArchiveSpec(const TokenizerSpec& spec, bool with_labels) {
  std::string bytes;
  Writer writer(&bytes);
  Pipeline(writer, spec);
  if (with_labels) Labels(writer, spec);
  return bytes;
}

absl::Status UnarchiveSpec(std::string_view bytes, TokenizerSpec* spec) {
  Reader reader(bytes);
  Pipeline(reader, *spec);
  Labels(reader, *spec);
  if (!reader.ok() || !reader.AtEnd())
    return MakeError(ErrorCode::kBadFormat, "pipeline section", "malformed");
  return absl::OkStatus();
}

}  // namespace tok
