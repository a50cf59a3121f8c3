// corpus/id_companions.h: what encoding leaves beside files of ids: FILE.idx, which says where documents end, and
// PATH.manifest.jsonl, which says what shards there are. `ids*` names them too.
#ifndef TOK_SRC_CORPUS_ID_COMPANIONS_H_
#define TOK_SRC_CORPUS_ID_COMPANIONS_H_

#include <string>
#include <vector>

#include "tok/id_files.h"
#include "tok/status.h"

namespace tok {

std::string IndexPath(const std::string& ids);

// `paths` without the indexes (of binary formats) and manifests of others among them.
std::vector<std::string> WithoutCompanions(const std::vector<std::string>& paths, IdFormat format);

// TOK-E040 if `path` is, by name and last number, the index of a file that stands beside it: any bytes are ids to a binary format, so the text would be
// nonsense and nothing would say so.
absl::Status CheckIsNoIndex(const std::string& path);

}  // namespace tok

#endif  // TOK_SRC_CORPUS_ID_COMPANIONS_H_
