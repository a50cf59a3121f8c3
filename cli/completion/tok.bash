# Completion of tok for bash; made by cli/reference.py from `tok --help`.

_tok() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W 'encode decode count inspect convert freeze diff trim bench train pieces measure strip-merges corrupt help --help --version' -- "$word")
    return
  fi
  if [ "$verb" = measure ]; then
    if [ "$COMP_CWORD" -eq 2 ]; then
      mapfile -t COMPREPLY < <(compgen -W 'premium study compare schemes vocab mixture markov' -- "$word")
      return
    fi
    verb="$verb ${COMP_WORDS[2]}"
  fi
  case "$verb $before" in
    'encode -t'|'encode --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'encode --split') return ;;
    'encode --special') return ;;
    'encode --utf8') mapfile -t COMPREPLY < <(compgen -W 'error replace bytes' -- "$word"); return ;;
    'encode -T'|'encode --threads') return ;;
    'encode --memory') return ;;
    'encode --scheme') return ;;
    'encode --seed') return ;;
    'encode --device') mapfile -t COMPREPLY < <(compgen -W 'cpu cuda' -- "$word"); return ;;
    'encode -o'|'encode --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'encode --out') mapfile -t COMPREPLY < <(compgen -W 'ids jsonl u16 u32 npy' -- "$word"); return ;;
    'encode --offsets') mapfile -t COMPREPLY < <(compgen -W 'bytes chars utf16' -- "$word"); return ;;
    'encode --shards') return ;;
    'decode -t'|'decode --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'decode --in') mapfile -t COMPREPLY < <(compgen -W 'ids jsonl u16 u32 npy' -- "$word"); return ;;
    'decode --out') mapfile -t COMPREPLY < <(compgen -W 'text jsonl' -- "$word"); return ;;
    'decode --sep') return ;;
    'decode -o'|'decode --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'decode -T'|'decode --threads') return ;;
    'count -t'|'count --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'count --split') return ;;
    'count --special') return ;;
    'count --utf8') mapfile -t COMPREPLY < <(compgen -W 'error replace bytes' -- "$word"); return ;;
    'count -T'|'count --threads') return ;;
    'count --scheme') return ;;
    'count --seed') return ;;
    'count --memory') return ;;
    'inspect -t'|'inspect --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'convert --verify') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'convert --split') return ;;
    'convert --pattern') return ;;
    'convert --special') return ;;
    'freeze -o'|'freeze --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'diff --split') return ;;
    'trim -t'|'trim --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'trim --split') return ;;
    'trim --special') return ;;
    'trim --utf8') mapfile -t COMPREPLY < <(compgen -W 'error replace bytes' -- "$word"); return ;;
    'trim -T'|'trim --threads') return ;;
    'trim -o'|'trim --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'trim --map') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'trim --top') return ;;
    'bench -t'|'bench --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'bench --split') return ;;
    'bench --special') mapfile -t COMPREPLY < <(compgen -W 'error text all' -- "$word"); return ;;
    'bench -T'|'bench --threads') return ;;
    'train -n'|'train --vocab-size') return ;;
    'train -o'|'train --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'train --pattern') return ;;
    'train --digits') return ;;
    'train --normalizer') return ;;
    'train --split') return ;;
    'train --utf8') mapfile -t COMPREPLY < <(compgen -W 'error replace bytes' -- "$word"); return ;;
    'train -T'|'train --threads') return ;;
    'train --memory') return ;;
    'train --counts') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'train --min-frequency') return ;;
    'train --max-token-length') return ;;
    'train --max-length') return ;;
    'train --seed') return ;;
    'train --special') return ;;
    'train --unk') return ;;
    'train --tokens') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'train --unit') return ;;
    'train --alphabet') return ;;
    'train --limit-alphabet') return ;;
    'train --checkpoint-seconds') return ;;
    'train --continue') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'train --transition') return ;;
    'train --max-words') return ;;
    'train --threshold') return ;;
    'train --lang') return ;;
    'train --dev') return ;;
    'train --ratio') return ;;
    'train --hybrid') return ;;
    'train --window') return ;;
    'train --alpha') return ;;
    'train --shrinking-factor') return ;;
    'train --max-piece-length') return ;;
    'train --sub-iterations') return ;;
    'train --seed-size') return ;;
    'train --prefix') return ;;
    'train --max-word-length') return ;;
    'train --ambiguous') return ;;
    'train --soft-mask') return ;;
    'train --in-rate') return ;;
    'train --out-rate') return ;;
    'train --life') return ;;
    'train --update-rate') return ;;
    'train --steps') return ;;
    'train --sentences-per-step') return ;;
    'train --order') mapfile -t COMPREPLY < <(compgen -W 'shuffled sequential' -- "$word"); return ;;
    'pieces -o'|'pieces --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'pieces --pattern') return ;;
    'pieces --digits') return ;;
    'pieces --normalizer') return ;;
    'pieces --split') return ;;
    'pieces --utf8') mapfile -t COMPREPLY < <(compgen -W 'error replace bytes' -- "$word"); return ;;
    'pieces -T'|'pieces --threads') return ;;
    'pieces --memory') return ;;
    'pieces --top') return ;;
    'measure premium -t'|'measure premium --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'measure premium --parallel') return ;;
    'measure premium --reference') return ;;
    'measure premium --fields') return ;;
    'measure premium --msgid-language') return ;;
    'measure premium --languages') return ;;
    'measure premium --bootstrap') return ;;
    'measure premium --seed') return ;;
    'measure premium --top') return ;;
    'measure premium --special') return ;;
    'measure premium --utf8') mapfile -t COMPREPLY < <(compgen -W 'error replace bytes' -- "$word"); return ;;
    'measure premium -T'|'measure premium --threads') return ;;
    'measure premium -o'|'measure premium --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'measure study --lang') return ;;
    'measure study --parallel') return ;;
    'measure study --fields') return ;;
    'measure study --msgid-language') return ;;
    'measure study --sizes') return ;;
    'measure study --common-size') return ;;
    'measure study --targets') return ;;
    'measure study --pattern') return ;;
    'measure study --split') return ;;
    'measure study --utf8') mapfile -t COMPREPLY < <(compgen -W 'error replace bytes' -- "$word"); return ;;
    'measure study -T'|'measure study --threads') return ;;
    'measure study --memory') return ;;
    'measure study -o'|'measure study --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'measure compare -t'|'measure compare --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'measure compare --morphemes') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'measure compare --typos') return ;;
    'measure compare --seed') return ;;
    'measure compare --groups') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'measure compare --charbench') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'measure compare --split') return ;;
    'measure compare --special') return ;;
    'measure compare --utf8') mapfile -t COMPREPLY < <(compgen -W 'error replace bytes' -- "$word"); return ;;
    'measure compare -T'|'measure compare --threads') return ;;
    'measure compare -o'|'measure compare --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'measure schemes -t'|'measure schemes --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'measure schemes --schemes') return ;;
    'measure schemes --seed') return ;;
    'measure schemes --split') return ;;
    'measure schemes --special') return ;;
    'measure schemes --utf8') mapfile -t COMPREPLY < <(compgen -W 'error replace bytes' -- "$word"); return ;;
    'measure schemes -T'|'measure schemes --threads') return ;;
    'measure schemes -o'|'measure schemes --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'measure vocab -t'|'measure vocab --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'measure vocab --min-count') return ;;
    'measure vocab --top') return ;;
    'measure vocab --split') return ;;
    'measure vocab --special') return ;;
    'measure vocab --utf8') mapfile -t COMPREPLY < <(compgen -W 'error replace bytes' -- "$word"); return ;;
    'measure vocab -T'|'measure vocab --threads') return ;;
    'measure vocab -o'|'measure vocab --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'measure mixture -t'|'measure mixture --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'measure mixture --samples') return ;;
    'measure mixture --merges') return ;;
    'measure mixture --weigh') mapfile -t COMPREPLY < <(compgen -W 'bytes pairs' -- "$word"); return ;;
    'measure mixture --split') return ;;
    'measure mixture --utf8') mapfile -t COMPREPLY < <(compgen -W 'error replace bytes' -- "$word"); return ;;
    'measure mixture -T'|'measure mixture --threads') return ;;
    'measure mixture --memory') return ;;
    'measure mixture -o'|'measure mixture --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'measure markov --source') return ;;
    'measure markov --sizes') return ;;
    'measure markov --symbols') return ;;
    'measure markov --seed') return ;;
    'measure markov -T'|'measure markov --threads') return ;;
    'measure markov -o'|'measure markov --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'strip-merges -t'|'strip-merges --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'strip-merges -o'|'strip-merges --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'strip-merges --scheme') return ;;
    'strip-merges --seed') return ;;
    'strip-merges --map') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'corrupt -t'|'corrupt --tokenizer') mapfile -t COMPREPLY < <(compgen -f -W 'gpt2 r50k_base p50k_base p50k_edit cl100k_base o200k_base o200k_harmony' -- "$word"); return ;;
    'corrupt -o'|'corrupt --output') mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    'corrupt --shuffle') return ;;
    'corrupt --delete') return ;;
    'corrupt --truncate') return ;;
    'corrupt --seed') return ;;
  esac
  case "$verb $word" in
    'encode -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer --split --special --template --utf8 -T --threads --memory --scheme --seed --device -o --output --out --offsets --shards --resume --json -h --help' -- "$word"); return ;;
    'decode -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer --in --out --sep --skip-special -o --output -T --threads -h --help' -- "$word"); return ;;
    'count -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer --split --special --template --utf8 -T --threads --scheme --seed --memory --json -h --help' -- "$word"); return ;;
    'inspect -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer --json -h --help' -- "$word"); return ;;
    'convert -'*) mapfile -t COMPREPLY < <(compgen -W '--verify --split --pattern --special --json -h --help' -- "$word"); return ;;
    'freeze -'*) mapfile -t COMPREPLY < <(compgen -W '-o --output --json -h --help' -- "$word"); return ;;
    'diff -'*) mapfile -t COMPREPLY < <(compgen -W '--split --json -h --help' -- "$word"); return ;;
    'trim -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer --split --special --template --utf8 -T --threads -o --output --map --top --dry-run --json -h --help' -- "$word"); return ;;
    'bench -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer --split --special -T --threads --json -h --help' -- "$word"); return ;;
    'train -'*) mapfile -t COMPREPLY < <(compgen -W '-n --vocab-size -o --output --pattern --digits --normalizer --split --utf8 -T --threads --memory --counts --min-frequency --max-token-length --max-length --seed --special --unk --tokens --pad-to-power-of-2 --unit --alphabet --limit-alphabet --resume --checkpoint-seconds --dry-run --json --continue --transition --max-words --threshold --lang --dev --ratio --hybrid --window --alpha --shrinking-factor --max-piece-length --sub-iterations --seed-size --prefix --max-word-length --ambiguous --soft-mask --both-strands --in-rate --out-rate --life --update-rate --steps --sentences-per-step --order --no-context -h --help' -- "$word"); return ;;
    'pieces -'*) mapfile -t COMPREPLY < <(compgen -W '-o --output --pattern --digits --normalizer --split --utf8 -T --threads --memory --text --top --tsv --json -h --help' -- "$word"); return ;;
    'measure -'*) mapfile -t COMPREPLY < <(compgen -W '-h --help' -- "$word"); return ;;
    'measure premium -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer --parallel --reference --fields --msgid-language --languages --complete --bootstrap --seed --top --special --template --utf8 -T --threads --json --csv -o --output -h --help' -- "$word"); return ;;
    'measure study -'*) mapfile -t COMPREPLY < <(compgen -W '--lang --parallel --fields --msgid-language --sizes --common-size --superwords --targets --pattern --split --utf8 -T --threads --memory --json --csv -o --output -h --help' -- "$word"); return ;;
    'measure compare -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer --morphemes --typos --no-robustness --seed --groups --charbench --split --special --template --utf8 -T --threads --json --csv -o --output -h --help' -- "$word"); return ;;
    'measure schemes -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer --schemes --seed --split --special --template --utf8 -T --threads --json --csv -o --output -h --help' -- "$word"); return ;;
    'measure vocab -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer --min-count --top --all --split --special --template --utf8 -T --threads --json --csv -o --output -h --help' -- "$word"); return ;;
    'measure mixture -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer --samples --merges --weigh --split --utf8 -T --threads --memory --json --csv -o --output -h --help' -- "$word"); return ;;
    'measure markov -'*) mapfile -t COMPREPLY < <(compgen -W '--source --sizes --symbols --seed -T --threads --json --csv -o --output -h --help' -- "$word"); return ;;
    'strip-merges -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer -o --output --scheme --permute --seed --map --json -h --help' -- "$word"); return ;;
    'corrupt -'*) mapfile -t COMPREPLY < <(compgen -W '-t --tokenizer -o --output --shuffle --delete --truncate --seed --json -h --help' -- "$word"); return ;;
  esac
  mapfile -t COMPREPLY < <(compgen -f -- "$word")
}
complete -o filenames -F _tok tok
