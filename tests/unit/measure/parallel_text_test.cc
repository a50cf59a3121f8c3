// Every form of parallel text gives the same languages and items; what is none of them is an error that says why.
#include "tok/parallel_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/catalogues.h"
#include "tests/support/gzip.h"
#include "tests/support/temp_dir.h"

namespace tok {
namespace {

using ::testing::HasSubstr;

// "CODE: ITEM=TEXT|..." a language; items are numbered in the order in which the reference, the first argument, has them.
std::string Shown(const ParallelText& text, std::string_view reference) {
  std::map<uint64_t, size_t> numbers;
  for (const ParallelItem& item : text.Find(reference)->items) numbers.emplace(item.item, numbers.size());
  std::string shown;
  for (const ParallelLanguage& language : text.languages) {
    shown += language.code + ":";
    for (size_t i = 0; i < language.items.size(); ++i) {
      const auto number = numbers.find(language.items[i].item);
      shown += (number == numbers.end() ? " ?" : " " + std::to_string(number->second)) + "=" +
               std::string(language.Text(i));
    }
    shown += "\n";
  }
  return shown;
}

std::string Read(const std::vector<std::string>& paths, std::string_view reference = "en",
                 const ParallelTextOptions& options = {}) {
  std::vector<ParallelSource> sources;
  for (const std::string& path : paths) sources.push_back(ParallelSource::Parse(path));
  const auto text = ReadParallelText(sources, options);
  return text.ok() ? Shown(*text, reference) : std::string(text.status().message());
}

class Folder : public TempDir {
 public:
  std::string Add(const std::string& name, std::string_view content) const {
    std::filesystem::create_directories(std::filesystem::path(File(name)).parent_path());
    return Write(name, content);
  }
};

TEST(ParallelTextTest, Lines) {
  const Folder folder;
  folder.Add("d/en.txt", "\xEF\xBB\xBFone\ntwo\n\nfour\n");
  folder.Add("d/de", "eins\r\n \r\n\r\nvier");
  folder.Add("d/README.md", "not a language");
  folder.Add("d/.hidden", "nor this");
  const std::string expected = "de: 0=eins 2=vier\nen: 0=one 1=two 2=four\n";
  EXPECT_EQ(Read({folder.File("d")}), expected);
  EXPECT_EQ(Read({"en=" + folder.File("d/en.txt"), "de=" + folder.File("d/de")}), expected);
  folder.Add("d/fr.txt", "un\ndeux\n");
  const std::string error = Read({folder.File("d")});
  EXPECT_THAT(error, HasSubstr("d/fr.txt: has 2 lines, but"));
  EXPECT_THAT(error, HasSubstr("d/de has 4"));
}

TEST(ParallelTextTest, Flores) {
  const Folder flat, published;
  const std::string expected = "deu_Latn: 0=eins 2=drei\neng_Latn: 0=one 1=two 2=three\n";
  flat.Add("eng_Latn.dev", "one\ntwo\n");
  flat.Add("eng_Latn.devtest", "three\n");
  flat.Add("deu_Latn.dev", "eins\n\n");
  flat.Add("deu_Latn.devtest", "drei\n");
  EXPECT_EQ(Read({flat.path()}, "eng_Latn"), expected);
  published.Add("dev/eng_Latn.dev", "one\ntwo\n");
  published.Add("devtest/eng_Latn.devtest", "three\n");
  published.Add("dev/deu_Latn.dev", "eins\n\n");
  published.Add("devtest/deu_Latn.devtest", "drei\n");
  published.Add("metadata_dev.tsv", "URL\n");
  EXPECT_EQ(Read({published.path()}, "eng_Latn"), expected);
}

TEST(ParallelTextTest, JsonRecords) {
  const Folder folder;
  const std::string expected = "de: 0=eins\nen: 0=one 1=two\n";
  const auto file = folder.Add("a.jsonl",
                               "{\"lang\":\"en\",\"id\":1,\"text\":\"one\"}\n\n"
                               "{\"lang\":\"de\",\"id\":\"1\",\"text\":\"eins\"}\n"
                               "{\"lang\":\"en\",\"id\":2,\"text\":\"two\"}\n");
  EXPECT_EQ(Read({file}), expected);
  const auto udhr = folder.Add("udhr",
                               "{\"code\":\"en\",\"name\":\"English\",\"article\":1,\"text\":\"one\"}\n"
                               "{\"code\":\"de\",\"article\":1,\"text\":\"eins\"}\n"
                               "{\"code\":\"en\",\"article\":2,\"text\":\"two\"}\n");
  EXPECT_EQ(Read({udhr}), expected);
  const auto other = folder.Add("c.jsonl",
                                "{\"m\":{\"l\":\"en\"},\"n\":1,\"t\":\"one\"}\n"
                                "{\"m\":{\"l\":\"de\"},\"n\":1,\"t\":\"eins\"}\n"
                                "{\"m\":{\"l\":\"en\"},\"n\":2,\"t\":\"two\"}\n");
  EXPECT_EQ(Read({other}, "en", {.fields = ParallelFields::Parse("m.l,n,t").value()}), expected);
  EXPECT_THAT(Read({other}), HasSubstr("c.jsonl:1: has no fields"));
}

TEST(ParallelTextTest, JsonRows) {
  const Folder folder;
  const auto file = folder.Add("a.jsonl",
                               "{\"file\":\"x\",\"id\":\"7\",\"en\":\"one\",\"zh-cn\":\"一\"}\n"
                               "{\"en\":\"two\",\"zh-cn\":\"\"}\n");
  EXPECT_EQ(Read({file}), "en: 0=one 1=two\nzh-cn: 0=一\n");
  const auto invalid = folder.Add("b.jsonl", "{\"en\":\"one\",\"de\":\"ei\xFFns\"}\n");
  EXPECT_THAT(Read({invalid}), HasSubstr("TOK-E010"));
  EXPECT_EQ(Read({invalid}, "en", {.utf8 = Utf8Policy::kBytes}), "de: 0=ei\xFFns\nen: 0=one\n");
}

TEST(ParallelTextTest, JsonErrorsNameTheLine) {
  const Folder folder;
  const std::string good = "{\"lang\":\"en\",\"id\":1,\"text\":\"one\"}\n";
  const auto error = [&](const std::string& content, const ParallelTextOptions& options = {}) {
    return Read({folder.Add("x.jsonl", content)}, "en", options);
  };
  EXPECT_THAT(error(good + "{\"lang\":\"de\",\"id\":1}\n"), HasSubstr("x.jsonl:2: no field \"text\""));
  EXPECT_THAT(error(good + "{\"lang\":\"de\",\"id\":1.5,\"text\":\"\"}\n"), HasSubstr("neither a string"));
  EXPECT_THAT(error(good + "[]\n"), HasSubstr("x.jsonl:2: the line is an array"));
  EXPECT_THAT(error(good + "{\n"), HasSubstr("x.jsonl:2: malformed JSON"));
  EXPECT_THAT(error("{\"lang\":\"\",\"id\":1,\"text\":\"\"}"), HasSubstr("no name"));
  EXPECT_THAT(error(good + "\n" + good), HasSubstr("x.jsonl:3: language en has this item already, from "));
  EXPECT_THAT(error(good + "{\"lang\":\"de\",\"id\":1,\"text\":\" \"}\n"),
              HasSubstr("language de has no text"));
  EXPECT_THAT(error("\n"), HasSubstr("no records"));
  const std::string invalid = "{\"lang\":\"en\",\"id\":1,\"text\":\"o\xFFne\"}\n";
  EXPECT_THAT(error(invalid), HasSubstr("TOK-E010"));
  EXPECT_EQ(error(invalid, {.utf8 = Utf8Policy::kBytes}), "en: 0=o\xFFne\n");
}

TEST(ParallelTextTest, Catalogues) {
  const Folder flat, tree;
  const std::string_view german =
      "msgid \"\"\nmsgstr \"charset=UTF-8\\n\"\n\nmsgid \"one\"\nmsgstr \"eins\"\n"
      "msgid \"file\"\nmsgid_plural \"files\"\nmsgstr[0] \"Datei\"\nmsgstr[1] \"Dateien\"\n";
  const std::string_view japanese =
      "msgid \"one\"\nmsgstr \"\"\nmsgid \"file\"\nmsgid_plural \"files\"\nmsgstr[0] \"ファイル\"\n";
  const std::string expected =
      "de: 0=eins 1=Datei 2=Dateien\nen: 0=one 1=file 2=files\nja: 1=ファイル 2=ファイル\n";
  flat.Add("de.po", german);
  flat.Add("ja.po", japanese);
  flat.Add("x.pot", "template");
  EXPECT_EQ(Read({flat.path()}), expected);
  tree.Add("de/LC_MESSAGES/x.mo",
           MakeMo({{"", "charset=UTF-8"},
                   {"one", "eins"},
                   {std::string("file\0files", 10), std::string("Datei\0Dateien", 13)}},
                  true));
  tree.Add("ja/LC_MESSAGES/x.po", japanese);
  tree.Add("LINGUAS", "de ja");
  EXPECT_EQ(Read({tree.path()}), expected);
  tree.Add("de/LC_MESSAGES/x.po", german);
  EXPECT_THAT(Read({tree.path()}), HasSubstr("language de has this item already"));
  flat.Add("de.po", "msgid \"one\"\nmsgstr \"ei\xFFns\"\n");
  EXPECT_THAT(Read({flat.path()}), HasSubstr("TOK-E010"));
  EXPECT_THAT(Read({flat.path()}, "de", {.source_language = "de"}), HasSubstr("de.po: is a catalogue of de"));
}

TEST(ParallelTextTest, Documents) {
  const Folder folder;
  folder.Add("en/a/1.txt", "one\nmore");
  folder.Add("en/2.txt", "two");
  folder.Add("de/a/1.txt", "eins");
  EXPECT_EQ(Read({folder.path()}), "de: 0=eins\nen: 0=one\nmore 1=two\n");
  EXPECT_EQ(Read({"en=" + folder.File("en"), "de=" + folder.File("de")}),
            "de: 1=eins\nen: 0=two 1=one\nmore\n");
  folder.Add("stray", "");
  EXPECT_THAT(Read({folder.path()}), HasSubstr("holds a file (stray) beside a folder (de)"));
}

TEST(ParallelTextTest, CompressedAsWell) {
  const Folder folder;
  WriteGzip(folder.File("de.txt.gz"), "eins\nzwei\n");
  folder.Add("en.txt", "one\ntwo\n");
  EXPECT_EQ(Read({folder.path()}), "de: 0=eins 1=zwei\nen: 0=one 1=two\n");
}

TEST(ParallelTextTest, WhatIsNone) {
  const Folder folder;
  EXPECT_THAT(Read({folder.path()}), HasSubstr("holds no files"));
  EXPECT_THAT(Read({folder.File("absent")}), HasSubstr("TOK-E001"));
  EXPECT_THAT(Read({}), HasSubstr("names no files"));
  EXPECT_THAT(Read({folder.Add("x.txt", "text\n")}), HasSubstr("name the language of a file of lines"));
  folder.Add("y.jsonl", "{}\n");
  EXPECT_THAT(Read({folder.path()}), HasSubstr("files of two kinds: x.txt and y.jsonl"));
  EXPECT_THAT(Read({"en=" + folder.File("y.jsonl")}), HasSubstr("say themselves"));
  EXPECT_EQ(ErrorCodeOf(ParallelFields::Parse("a,b").status()), ErrorCode::kUsage);
  EXPECT_EQ(ErrorCodeOf(ParallelFields::Parse("a,,b").status()), ErrorCode::kUsage);
}

}  // namespace
}  // namespace tok
