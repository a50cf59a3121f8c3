// The file of a checkpoint: a .tok image with two sections more. "train.stages" has kReportNumbers numbers (u64) a stage;
// "train.job" is text.
#include <memory>
#include <string>
#include <vector>

#include "src/base/file.h"
#include "src/base/image.h"
#include "src/base/status_macros.h"
#include "src/format/tok_image.h"
#include "tok/output.h"
#include "tok/train_bpe.h"

namespace tok {
namespace {

constexpr uint32_t kStagesVersion = 1, kJobVersion = 1;
constexpr size_t kReportNumbers = 7;

void AppendNumbers(const BpeTrainingReport& report, std::vector<uint64_t>* numbers) {
  numbers->insert(numbers->end(),
                  {report.n_unique_pieces, report.n_symbols, report.n_alphabet, report.n_merges,
                   report.last_count, report.n_tied, uint64_t{report.has_collisions}});
}

BpeTrainingReport ReportOf(std::span<const uint64_t, kReportNumbers> numbers) {
  return {numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6] != 0};
}

absl::StatusOr<TrainingCheckpoint> ParseCheckpoint(std::shared_ptr<const MappedFile> file) {
  const std::string_view bytes = file->bytes();
  TOK_ASSIGN_OR_RETURN(const Image image, Image::Parse(bytes, file));
  TrainingCheckpoint checkpoint;
  checkpoint.job = std::string(image.Find("train.job", kJobVersion));
  const auto numbers = image.FindArray<uint64_t>("train.stages", kStagesVersion);
  if (checkpoint.job.empty() || !numbers.ok() || numbers->size() % kReportNumbers != 0) {
    return MakeError(ErrorCode::kBadFormat, "image", "is a tokenizer, but no checkpoint of its training",
                     "train anew (without --resume)");
  }
  for (size_t i = 0; i < numbers->size(); i += kReportNumbers) {
    checkpoint.stages.push_back(ReportOf(numbers->subspan(i).first<kReportNumbers>()));
  }
  TOK_ASSIGN_OR_RETURN(FrozenTokenizer frozen, ParseImage(bytes, file));
  checkpoint.spec = std::move(frozen.spec);
  return checkpoint;
}

}  // namespace

absl::Status WriteCheckpoint(const TrainingCheckpoint& checkpoint, const std::string& path) {
  ImageWriter writer = ImageOf(checkpoint.spec);
  std::vector<uint64_t> numbers;
  for (const BpeTrainingReport& stage : checkpoint.stages) AppendNumbers(stage, &numbers);
  writer.AddArray("train.stages", kStagesVersion, std::span<const uint64_t>(numbers));
  writer.Add("train.job", kJobVersion, checkpoint.job);
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<Output> output, Output::Open(path));
  TOK_RETURN_IF_ERROR(writer.WriteTo(output.get()));
  return output->Commit();
}

absl::StatusOr<TrainingCheckpoint> ReadCheckpoint(const std::string& path) {
  TOK_ASSIGN_OR_RETURN(std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  absl::StatusOr<TrainingCheckpoint> checkpoint = ParseCheckpoint(std::move(file));
  if (!checkpoint.ok()) return AtPlace(path, checkpoint.status());
  return checkpoint;
}

}  // namespace tok
