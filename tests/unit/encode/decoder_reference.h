// The reference for decoders: the definition, a list of strings mapped to a list of strings, with nothing clever.
// Patterns are literals or ECMAScript regular expressions over ASCII that need no Unicode.
#ifndef TOK_TESTS_UNIT_ENCODE_DECODER_REFERENCE_H_
#define TOK_TESTS_UNIT_ENCODE_DECODER_REFERENCE_H_

#include <regex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "src/encode/decoder_steps.h"
#include "src/unicode/byte_alphabet.h"
#include "src/unicode/utf8.h"
#include "tok/tokenizer_spec.h"

namespace tok {

class DecoderReference {
 public:
  using List = std::vector<std::string>;

  // `is_last`: bytes of a final ByteLevel stay raw, as libtok promises.
  static List Apply(const decoder::Step& step, List list, bool is_last) {
    if (std::holds_alternative<decoder::Fuse>(step)) return {Join(list)};
    if (std::holds_alternative<decoder::ByteLevel>(step)) return {ByteLevel(list, is_last)};
    if (std::holds_alternative<decoder::ByteFallback>(step)) return ByteFallback(list);
    if (const auto* ctc = std::get_if<decoder::Ctc>(&step)) return Ctc(*ctc, list);
    for (size_t i = 0; i < list.size(); ++i) list[i] = Map(step, list[i], i == 0, i + 1 == list.size());
    return list;
  }

  static std::string Join(const List& list) {
    std::string text;
    for (const std::string& token : list) text += token;
    return text;
  }

 private:
  static std::vector<std::string> Characters(const std::string& text) {
    std::vector<std::string> characters;
    for (size_t i = 0; i < text.size(); i += characters.back().size()) {
      characters.push_back(text.substr(i, DecodeUtf8(text, i).n_bytes));
    }
    return characters;
  }

  static std::string Replace(const std::string& text, const std::string& pattern,
                             const std::string& content) {
    std::string result;
    if (pattern.empty()) {
      for (const std::string& c : Characters(text)) result += content + c;
      return result + content;
    }
    for (size_t i = 0; i < text.size();) {
      if (text.compare(i, pattern.size(), pattern) == 0) {
        result += content;
        i += pattern.size();
      } else {
        result += text[i++];
      }
    }
    return result;
  }

  static std::string CleanUp(std::string text) {
    for (const char* mark : {".", "?", "!", ","}) text = Replace(text, std::string(" ") + mark, mark);
    text = Replace(text, " ' ", "'");
    text = Replace(text, " n't", "n't");
    text = Replace(text, " 'm", "'m");
    text = Replace(text, " do not", " don't");
    for (const char* ending : {"'s", "'ve", "'re"}) text = Replace(text, std::string(" ") + ending, ending);
    return text;
  }

  static std::string ByteLevel(const List& list, bool is_last) {
    std::string bytes;
    for (const std::string& token : list) {
      std::string mapped;
      bool in_alphabet = true;
      for (const std::string& c : Characters(token)) {
        const int byte = ByteOfAlphabetChar(DecodeUtf8(c, 0).code_point);
        in_alphabet = in_alphabet && byte >= 0;
        mapped += static_cast<char>(byte);
      }
      bytes += in_alphabet ? mapped : token;
    }
    return is_last ? bytes : ReplaceInvalidUtf8(bytes);
  }

  static List ByteFallback(const List& list) {
    List result;
    std::string run;
    const auto end_run = [&] {
      if (!run.empty() && FindInvalidUtf8(run) == std::string::npos) {
        result.push_back(run);
      } else {
        result.insert(result.end(), run.size(), "\xEF\xBF\xBD");
      }
      run.clear();
    };
    for (const std::string& token : list) {
      if (const int byte = ParseByteToken(token); byte >= 0) {
        run += static_cast<char>(byte);
      } else {
        end_run();
        result.push_back(token);
      }
    }
    end_run();
    return result;
  }

  static List Ctc(const decoder::Ctc& options, const List& list) {
    List result;
    for (size_t i = 0; i < list.size(); ++i) {
      if (i > 0 && list[i] == list[i - 1]) continue;
      std::string token = Replace(list[i], options.pad_token, "");
      if (options.cleanup) token = Replace(CleanUp(token), options.word_delimiter_token, " ");
      if (!token.empty()) result.push_back(token);
    }
    return result;
  }

  static std::string Strip(const decoder::Strip& options, const std::string& token) {
    std::string mark;
    AppendUtf8(options.content, &mark);
    std::vector<std::string> characters = Characters(token);
    for (uint64_t i = 0; i < options.start && !characters.empty() && characters.front() == mark; ++i) {
      characters.erase(characters.begin());
    }
    for (uint64_t i = 0; i < options.stop && !characters.empty() && characters.back() == mark; ++i)
      characters.pop_back();
    return Join(characters);
  }

  static std::string Map(const decoder::Step& step, const std::string& token, bool is_first, bool is_last) {
    if (const auto* replace = std::get_if<decoder::Replace>(&step)) {
      if (token.empty()) return token;
      if (!replace->pattern.is_regex) return Replace(token, replace->pattern.text, replace->content);
      return std::regex_replace(token, std::regex(replace->pattern.text), replace->content);
    }
    if (const auto* strip = std::get_if<decoder::Strip>(&step)) return Strip(*strip, token);
    if (const auto* metaspace = std::get_if<decoder::Metaspace>(&step)) {
      std::string mark;
      AppendUtf8(metaspace->replacement, &mark);
      const bool drops = is_first && metaspace->prepend_scheme != pretokenizer::PrependScheme::kNever;
      return Replace(token, mark, drops ? "" : " ");
    }
    if (const auto* suffix = std::get_if<decoder::BpeSuffix>(&step)) {
      return Replace(token, suffix->suffix, is_last ? "" : " ");
    }
    const auto& word_piece = std::get<decoder::WordPiece>(step);
    std::string text = token;
    if (!is_first) {
      text = token.starts_with(word_piece.prefix) ? token.substr(word_piece.prefix.size()) : " " + token;
    }
    return word_piece.cleanup ? CleanUp(text) : text;
  }
};

inline std::string ReferenceDecode(const DecoderSpec& spec, std::vector<std::string> list) {
  if (spec.steps.empty() && spec.join_with_spaces) {
    for (size_t i = 1; i < list.size(); ++i) list[i].insert(0, " ");
  }
  for (size_t i = 0; i < spec.steps.size(); ++i) {
    list = DecoderReference::Apply(spec.steps[i], std::move(list), i + 1 == spec.steps.size());
  }
  return DecoderReference::Join(list);
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_ENCODE_DECODER_REFERENCE_H_
