#include "tok/cuda/device_encoder.h"

#include <cuda_runtime_api.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "cuda/base/cuda_status.h"
#include "cuda/base/device_memory.h"
#include "cuda/base/device_scope.h"
#include "cuda/encoder/workspace.h"
#include "cuda/kernels/learn.h"
#include "cuda/tables/host_tables.h"
#include "src/base/status_macros.h"
#include "src/encode/batch_support.h"

namespace tok::cuda {
namespace {

// What records and launches can number.
constexpr int64_t kMaxTextBytes = int64_t{1} << kRecordOffsetBits,
                  kMaxDocuments = int64_t{1} << kRecordOffsetBits;

absl::Status CheckSizes(int64_t max_text_bytes, int64_t n_documents) {
  if (max_text_bytes >= 0 && max_text_bytes < kMaxTextBytes && n_documents >= 0 &&
      n_documents < kMaxDocuments)
    return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, "a batch", "sizes below 0, or of 2^38 or more", "make it smaller");
}

// Several arrays on the device, kept together.
class Uploads {
 public:
  template <typename T>
  absl::Status Add(std::span<const T> values, T** on_device) {
    TOK_ASSIGN_OR_RETURN(DeviceMemory memory, Upload(values));
    *on_device = memory.get<T>();
    memories_.push_back(std::move(memory));
    return absl::OkStatus();
  }
  template <typename T>
  absl::Status Add(const std::vector<T>& values, T** on_device) {
    return Add(std::span<const T>(values), on_device);
  }

 private:
  std::vector<DeviceMemory> memories_;
};

TokenAction ActionOf(const AddedToken& token, const SpecialPolicy& policy, bool are_simple) {
  TokenAction action = TokenAction::kMatch;
  if (token.special) {
    switch (policy.kind()) {
      case SpecialPolicy::Kind::kText: action = TokenAction::kIgnore; break;
      case SpecialPolicy::Kind::kError: action = TokenAction::kRefuse; break;
      case SpecialPolicy::Kind::kAll: break;
      case SpecialPolicy::Kind::kListed:
        if (!std::ranges::binary_search(policy.listed(), token.id)) action = TokenAction::kRefuse;
        break;
    }
  }
  return are_simple ? action : TokenAction::kToHost;
}

}  // namespace

struct DeviceEncoder::Tables {
  explicit Tables(const Tokenizer& of) : tokenizer(of) {}

  absl::Status Fill() {
    // What no GPU does is said first, so that it can be found out without one.
    TOK_ASSIGN_OR_RETURN(const HostTables host, MakeHostTables(tokenizer));
    TOK_RETURN_IF_CUDA_ERROR(LoadKernels(), "a GPU");
    TOK_RETURN_IF_CUDA_ERROR(cudaGetDevice(&device), "a GPU");
    family = host.family;
    added_tokens = host.added_tokens;
    added_are_simple = host.added_are_simple;
    uint16_t* rows;
    uint8_t *classes, *first_bytes;
    PairSlot* pairs;
    uint32_t* byte_ids;
    WholeToken* whole;
    unsigned char* whole_bytes;
    TrieNode* nodes;
    uint64_t* join_words;
    TOK_RETURN_IF_ERROR(uploads.Add(host.chars.row_of, &rows));
    TOK_RETURN_IF_ERROR(uploads.Add(host.chars.classes, &classes));
    TOK_RETURN_IF_ERROR(uploads.Add(host.joins, &join_words));
    TOK_RETURN_IF_ERROR(uploads.Add(host.pairs.slots(), &pairs));
    TOK_RETURN_IF_ERROR(uploads.Add(host.byte_ids, &byte_ids));
    TOK_RETURN_IF_ERROR(uploads.Add(host.whole.slots(), &whole));
    TOK_RETURN_IF_ERROR(uploads.Add(host.whole.bytes(), &whole_bytes));
    TOK_RETURN_IF_ERROR(uploads.Add(host.added.nodes(), &nodes));
    TOK_RETURN_IF_ERROR(uploads.Add(host.added.first_bytes(), &first_bytes));
    TOK_RETURN_IF_ERROR(uploads.Add(host.pieces.slots(), &slots.slots));
    TOK_RETURN_IF_ERROR(uploads.Add(host.longer.slots(), &slots.longer_slots));
    chars = {rows, classes};
    joins = {join_words};
    merging = {{pairs, host.pairs.view().log_slots}, byte_ids};
    const WholeTokensView view = host.whole.view();
    whole_tokens = {whole, whole_bytes, view.log_slots, view.is_empty};
    trie = {nodes, first_bytes, host.added.view().n_first_bytes};
    pieces = {slots.slots, host.pieces.view().log_slots};
    longer = {slots.longer_slots, host.longer.view().log_slots};
    return absl::OkStatus();
  }

  MergeInput MergingOf(const Workspace& work) const {
    return {work.cut.starts, work.cut.cuts, longer, whole_tokens, merging};
  }

  Tokenizer tokenizer;
  int device = 0;
  PatternFamily family = {};
  std::vector<uint32_t> added_tokens;
  bool added_are_simple = true;
  Uploads uploads;
  CharTableView chars = {};
  JoinBitsView joins = {};
  MergeTables merging = {};
  WholeTokensView whole_tokens = {};
  TokenTrieView trie = {};
  PieceTableView<16> pieces = {};
  PieceTableView<32> longer = {};
  LearnOutput slots = {};
};

struct DeviceEncoder::Policy {
  absl::Status Fill(const Tables& tables, const SpecialPolicy& special) {
    const std::vector<AddedToken>& all = tables.tokenizer.spec().added_tokens;
    std::vector<TokenAction> chosen;
    std::vector<uint32_t> token_ids;
    // Where tokens hide one another, those that are ignored may hide others that are not.
    const bool is_none_wanted =
        special.kind() == SpecialPolicy::Kind::kText &&
        std::ranges::all_of(all, [](const AddedToken& token) { return token.special; });
    for (const uint32_t t : tables.added_tokens) {
      chosen.push_back(ActionOf(all[t], special, tables.added_are_simple || is_none_wanted));
      token_ids.push_back(all[t].id);
    }
    has_matches = std::ranges::any_of(chosen, [](TokenAction a) { return a != TokenAction::kIgnore; });
    TokenAction* actions;
    uint32_t* ids;
    TOK_RETURN_IF_ERROR(uploads.Add(chosen, &actions));
    TOK_RETURN_IF_ERROR(uploads.Add(token_ids, &ids));
    added = {tables.trie, actions, ids};
    return absl::OkStatus();
  }

  bool has_matches = false;
  Uploads uploads;
  AddedTokens added = {};
};

absl::StatusOr<DeviceEncoder> DeviceEncoder::Create(const Tokenizer& tokenizer,
                                                    const SpecialPolicy& special) {
  auto tables = std::make_shared<Tables>(tokenizer);
  TOK_RETURN_IF_ERROR(tables->Fill());
  return DeviceEncoder(std::move(tables), nullptr).WithSpecial(special);
}

absl::StatusOr<DeviceEncoder> DeviceEncoder::WithSpecial(const SpecialPolicy& special) const {
  const DeviceScope scope(tables_->device);
  auto policy = std::make_shared<Policy>();
  TOK_RETURN_IF_ERROR(policy->Fill(*tables_, special));
  return DeviceEncoder(tables_, std::move(policy));
}

size_t DeviceEncoder::WorkspaceBytes(int64_t max_text_bytes, int64_t n_documents) const {
  if (!CheckSizes(max_text_bytes, n_documents).ok()) return 0;
  const DeviceScope scope(tables_->device);
  return Workspace::At(nullptr, tables_->family, max_text_bytes, n_documents).n_bytes;
}

absl::Status DeviceEncoder::Encode(const DeviceBatch& batch, const DeviceIds& output, void* workspace,
                                   Stream stream) const {
  return Encode(batch, output, workspace, stream, [](std::string_view) { return absl::OkStatus(); });
}

absl::Status DeviceEncoder::Encode(const DeviceBatch& batch, const DeviceIds& output, void* workspace,
                                   Stream stream, const StageCallback& after_stage) const {
  TOK_RETURN_IF_ERROR(CheckSizes(batch.max_text_bytes, batch.n_documents));
  if (output.max_ids < 0) return MakeError(ErrorCode::kUsage, "a batch", "room for fewer than 0 ids");
  cudaGetLastError();  // what failed before, and was said then, is not ours
  const Tables& tables = *tables_;
  if (output.width == IdWidth::k16) TOK_RETURN_IF_ERROR(CheckNarrowIds(tables.tokenizer, "ask for 32 bits"));
  const Workspace work = Workspace::At(workspace, tables.family, batch.max_text_bytes, batch.n_documents);
  const TextOnDevice& text = work.text;
  const uint32_t* const starts = work.cut.starts;
  const bool has_matches = policy_->has_matches;
  const std::pair<std::string_view, std::function<cudaError_t()>> stages[] = {
      {"documents",
       [&] {
         return PrepareText(batch,
                            {const_cast<DeviceText*>(text.text), work.document_begins, work.document_statuses,
                             output.offsets, work.counters},
                            stream);
       }},
      {"added tokens",
       [&] { return has_matches ? FindMatches(text, policy_->added, work.matches, stream) : cudaSuccess; }},
      {"split", [&] { return Split(tables.family, text, tables.chars, work.split, work.scratch, stream); }},
      {"cut", [&] { return CutPieces(text, tables.joins, work.cut, stream); }},
      {"clear",
       [&] { return has_matches ? ClearMatches(work.matches, work.cut.starts, stream) : cudaSuccess; }},
      {"splice", [&] { return SplicePieces(text, tables.merging, work.cut, work.splice, stream); }},
      {"pieces", [&] { return FindPieces(text, starts, tables.pieces, work.pieces, work.scratch, stream); }},
      {"merge", [&] { return MergeMisses(text, tables.MergingOf(work), work.pieces, work.merge, stream); }},
      {"amend",
       [&] {
         return has_matches ? GiveMatchesTheirIds(work.matches, starts, work.pieces, stream) : cudaSuccess;
       }},
      {"drop", [&] { return DropFlagged(text, starts, work.pieces, stream); }},
      {"emit",
       [&] {
         return EmitIds(text, batch.n_documents,
                        {starts, work.merge.ids, work.document_statuses, work.counters}, work.pieces, output,
                        work.scratch, stream);
       }},
  };
  for (const auto& [name, launch] : stages) {
    TOK_RETURN_IF_CUDA_ERROR(launch(), "encoding on a GPU");
    TOK_RETURN_IF_ERROR(after_stage(name));
  }
  return absl::OkStatus();
}

absl::Status DeviceEncoder::Learn(const DeviceBatch& batch, void* workspace, Stream stream) const {
  TOK_RETURN_IF_ERROR(CheckSizes(batch.max_text_bytes, batch.n_documents));
  cudaGetLastError();
  const Tables& tables = *tables_;
  const Workspace work = Workspace::At(workspace, tables.family, batch.max_text_bytes, batch.n_documents);
  return CudaStatus(LearnMisses(work.text, tables.MergingOf(work), tables.pieces, work.pieces, work.merge.ids,
                                tables.slots, stream),
                    "learning on a GPU");
}

const Tokenizer& DeviceEncoder::tokenizer() const { return tables_->tokenizer; }
int DeviceEncoder::device() const { return tables_->device; }

}  // namespace tok::cuda
