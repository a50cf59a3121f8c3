# Warnings and sanitizers for our own targets only: call tok_target_defaults(<target>).
function(tok_target_defaults target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wno-missing-field-initializers)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 warns wrongly about string concatenation at -O2 and above (its bug 105651).
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(TOK_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(TOK_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${TOK_SANITIZE} -fno-omit-frame-pointer
                           -fno-sanitize-recover=all)
    target_link_options(${target} PRIVATE -fsanitize=${TOK_SANITIZE})
  endif()
  if(TOK_FUZZ)
    # Coverage instrumentation everywhere; only tok_fuzz_* targets link libFuzzer's main.
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
endfunction()
