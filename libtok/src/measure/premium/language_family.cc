#include "src/measure/premium/language_family.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace tok {
namespace {

struct Family {
  std::string_view name;
  std::string_view codes;  // ISO 639-3, then ISO 639-1 (and 639-3 macrolanguages) where they are in use
};

// Written for libtok, from common knowledge, no data set: the better-known languages of FLORES-200, the Universal Declaration
// of Human Rights and software catalogues, in their largest customary families (Niger-Congo and Nilo-Saharan without Mande).
// Creoles are by themselves. The rest is "unknown", which is better than wrong.
constexpr Family kFamilies[] = {
    {"Afro-Asiatic",
     "aar acm acq aeb afb aii ajp amh apc arb arc ars ary arz ayl gax gaz gez hae hau heb kab mlt mzb "
     "orm rif shi shy som syr taq tir tmh tzm wal zgh aa am ar ha he mt om so ti"},
    {"Algic", "alq ciw cre crk csw kic mic ojb oji cr oj"},
    {"Arawakan", "ame cab cni cot cpu guc not"},
    {"Austroasiatic", "hoc kha khm mnw sat unr vie km vi"},
    {"Austronesian",
     "ace ami ban bbc bcl bik bjn buc bug ceb cha chk dun fij fil gil haw hil iba ilo ind jav mad mah "
     "min mlg mri msa nia niu pag pam pau plt pon rar rtm sas smo sun tah tet tgl tkl ton tvl war wls "
     "yap zsm ch fj id jv mg mh mi ms sm su tl to ty"},
    {"Aymaran", "aym ayr ay"},
    {"Basque (isolate)", "eus eu"},
    {"Constructed", "avk epo ido ile ina jbo lfn tlh tok vol eo ia ie io vo"},
    {"Creole",
     "acf bis bzj cri crs djk gcf gcr gul hat icr jam kea kri mfe pap pcm pis pov rcf rop srm srn tpi "
     "bi ht"},
    {"Dravidian", "gon kan kfa kru mal tam tcy tel kn ml ta te"},
    {"Eskimo-Aleut", "ale esk ess esu ike ikt iku ipk kal ik iu kl"},
    {"Hmong-Mien", "hea hmn hms hnj ium mww"},
    {"Indo-European",
     "afr aln als ang arg asm ast awa bel ben bho bos bre bul cat ces ckb cor cos csb cym dan deu diq "
     "div dsb ell eml eng ext fao fas fra frp frr fry fur gla gle glg glk glv gom gos grc gsw guj hbs "
     "hif hin hne hns hrv hsb hye isl ita kas kiu kmr kok kur lad lat lav lij lim lit lld lmo ltg ltz "
     "lvs mag mai mar mkd mwl mwr mzn nap nds nep nld nno nob nor npi oci ori ory oss pan pbu pcd pes "
     "pms pnb pol por prs pus rmn rmy roh rom ron rue rup rus san scn sco sdh sin skr slk slv snd spa "
     "sqi src srd srp stq swe swg szl tgk tly ukr urd vec vls wln wym ydd yid zea zza af an as be bg "
     "bn br bs ca co cs cy da de dv el en es fa fo fr fy ga gd gl gu gv hi hr hy is it ks ku kw la lb "
     "li lt lv mk mr nb ne nl nn no oc or os pa pl ps pt rm ro ru sa sc sd sh si sk sl sq sr sv tg uk "
     "ur wa yi"},
    {"Iroquoian", "chr moh one"},
    {"Japonic", "jpn ryu ja"},
    {"Jivaroan", "acu agr hub jiv"},
    {"Kartvelian", "kat lzz sva xmf ka"},
    {"Koreanic", "kor ko"},
    {"Mande", "bam dyu emk gkp kpe men mnk snk sus vai bm"},
    {"Mayan",
     "acr agu cac cak chf ctu hus ixl jac kek kjb knj lac mam mop poc poh quc qum toj tzh tzj tzo usp "
     "yua"},
    {"Mongolic", "bua bxm bxr khk mon xal mn"},
    {"Na-Dene", "apw gwi nav tli nv"},
    {"Nakh-Daghestanian", "ava che dar inh lbe lez tab av ce"},
    {"Niger-Congo",
     "ada ajg aka akp bas bax bba bci bem bin bum cce chw cjk dag dga dyo ewe fat fon fuc fuf fuh ful "
     "fuv gaa gjn guw gux her ibb ibo idu ijs kam kbp kde kdh kik kin kmb kng kon koo kqn kqs ktu kua "
     "kwn lia lin lns lob loz lua lub lue lug lun mfq mos nba nbl nde ndo nku nso nya nym nyn nzi run "
     "sag seh sna sot srr ssw suk swa swb swc swh tbz tem tiv tog toi tsn tso tum twi umb ven vmw wol "
     "wwa xho xsm yao yor zdj zul ak ee ff hz ig kg ki kj lg ln lu nd ng nr ny rn rw sg sn ss st sw tn "
     "ts tw ve wo xh yo zu"},
    {"Nilo-Saharan", "ach alz bfa dik din dip dje kau knc lot luo mas nus ses shk teo kr"},
    {"Northwest Caucasian", "abk abq ady kbd ab"},
    {"Oto-Manguean", "chj csa maz mxv mzi ote otq zai zam zap ztu"},
    {"Panoan", "amc cbr cbs mcd mcf shp"},
    {"Quechuan",
     "qub qud que quf qug quh quk qul qup qus quw quy quz qva qvc qve qvh qvi qvm qvn qvw qvz qwh qxa "
     "qxn qxo qxu qu"},
    {"Sino-Tibetan",
     "bod cdo cjy cmn cnh csy ctd dzo gan hak hlt hni hsn iii kac kjp ksw lhu lis lus lzh mni mya nan "
     "new njo pwo taj tji wuu yue zho bo dz ii my zh"},
    {"Tai-Kadai", "aho blt kkh lao nod shn tdd tha zha lo th za"},
    {"Tucanoan", "sey snn"},
    {"Tungusic", "eve evn gld mnc oaa oac orh sjo"},
    {"Tupian", "gnw grn gug gui gun gyr kgk nhd srq gn"},
    {"Turkic",
     "alt azb aze azj bak chv cjs crh dlg gag kaa kaz kdr kir kjh krc kum nog ota sah slr tat tuk tur "
     "tyv uig uum uzb uzn uzs az ba cv kk ky tk tr tt ug uz"},
    {"Uralic",
     "ekk enf est fin fit fkv hun izh kca koi kom kpv krl liv mdf mhr mns mrj myv nio olo sjd sma sme "
     "smj smn sms udm vep vot vro yrk et fi hu kv se"},
    {"Uto-Aztecan", "com hop nah nch nci ncj ngu nhe nhn nhw ood ppl ser tar yaq"},
};

// Code to family, sorted by code. Built once: the table is for people to read.
struct Entry {
  std::string_view code, family;
  friend bool operator<(const Entry& a, const Entry& b) { return a.code < b.code; }
};

std::vector<Entry> MakeIndex() {
  std::vector<Entry> index;
  for (const Family& family : kFamilies) {
    for (std::string_view rest = family.codes; !rest.empty();) {
      const size_t end = std::min(rest.find(' '), rest.size());
      index.push_back({rest.substr(0, end), family.name});
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  std::sort(index.begin(), index.end());
  return index;
}

}  // namespace

std::string_view LanguageFamily(std::string_view code) {
  static const std::vector<Entry> index = MakeIndex();
  std::string language(code.substr(0, code.find_first_of("_-.@")));
  for (char& c : language) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto found = std::lower_bound(index.begin(), index.end(), Entry{language, {}});
  return found != index.end() && found->code == language ? found->family : "unknown";
}

}  // namespace tok
