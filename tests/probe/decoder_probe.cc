// Lets a Python test run decoders side by side with Hugging Face's. One JSON object a line on stdin:
//   {"tokenizer": "<tokenizer.json>"}                     -> {"concatenates": bool}
//   {"ids": [[...], ...], "skip_special": bool}           -> {"decoded": [hex, ...], "streamed": [hex, ...]}
// Unknown ids are skipped, as the peer does. `decoded` is raw bytes, `streamed` what a StreamDecoder would print.
// An error is {"error": message}.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "src/encode/decoder.h"
#include "src/encode/decoder_utf8.h"
#include "tok/formats.h"

namespace {

using nlohmann::json;

std::string Hex(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned char byte : bytes) hex += {kDigits[byte >> 4], kDigits[byte & 15]};
  return hex;
}

json Error(const absl::Status& status) {
  return {{"error", std::string(status.message().data(), status.message().size())}};
}

json Load(const std::string& text, std::unique_ptr<const tok::Decoder>* decoder) {
  const auto spec = tok::ParseTokenizerJson(text, "tokenizer.json");
  if (!spec.ok()) return Error(spec.status());
  auto created = tok::Decoder::Create(*spec);
  if (!created.ok()) return Error(created.status());
  *decoder = *std::move(created);
  return {{"concatenates", (*decoder)->DecodesByConcatenation()}};
}

json Decode(const tok::Decoder& decoder, const json& request) {
  const tok::DecodeOptions options = {.skip_special = request.at("skip_special").get<bool>(),
                                      .unknown_id = tok::UnknownIdPolicy::kSkip};
  json decoded = json::array(), streamed = json::array();
  for (const json& item : request.at("ids")) {
    const auto ids = item.get<std::vector<tok::TokenId>>();
    std::string bytes;
    absl::Status status = decoder.Decode(ids, options, &bytes);
    if (!status.ok()) return Error(status);
    decoded.push_back(Hex(bytes));

    const auto stream = decoder.MakeStream(options);
    tok::LossyUtf8 lossy;
    std::string text;
    for (tok::TokenId id : ids) {
      bytes.clear();
      status.Update(stream->Push(id, &bytes));
      lossy.Push(bytes, &text);
    }
    bytes.clear();
    status.Update(stream->Finish(&bytes));
    if (!status.ok()) return Error(status);
    lossy.Push(bytes, &text);
    lossy.Finish(&text);
    streamed.push_back(Hex(text));
  }
  return {{"decoded", decoded}, {"streamed", streamed}};
}

}  // namespace

int main() {
  std::unique_ptr<const tok::Decoder> decoder;
  for (std::string line; std::getline(std::cin, line);) {
    const json request = json::parse(line);
    const json reply =
        request.contains("tokenizer") ? Load(request["tokenizer"], &decoder) : Decode(*decoder, request);
    std::cout << reply.dump() << std::endl;
  }
}
