# Helpers that register tests with ctest. Every test carries the label `fast` or `slow`.

# tok_add_pytest(<name> <file.py> [SLOW] [TIMEOUT <seconds>])
#
# Runs one pytest file as the ctest test <name>. The interpreter is chosen when the test runs (tests/run_pytest): the
# project's .venv if scripts/setup made one, else python3; without pytest the test is reported as skipped.
# The test finds what was built through its environment: TOK_BINARY (the tool), TOK_BUILD_DIR, TOK_SOURCE_DIR, and
# TOK_<NAME>_PROBE for every probe program tests/probe/<name>_probe.cc; the Python package through PYTHONPATH.
function(tok_add_pytest name file)
  cmake_parse_arguments(arg "SLOW" "TIMEOUT" "" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 600)
  endif()
  if(TOK_SANITIZE)
    math(EXPR arg_TIMEOUT "3 * ${arg_TIMEOUT}")  # such builds are that much slower
  endif()
  set(label fast)
  if(arg_SLOW)
    set(label slow)
  endif()
  set(environment TOK_SOURCE_DIR=${PROJECT_SOURCE_DIR} TOK_BUILD_DIR=${PROJECT_BINARY_DIR}
                  TOK_SANITIZE=${TOK_SANITIZE} ${TOK_PROBE_ENVIRONMENT})
  if(TARGET tok)
    list(APPEND environment TOK_BINARY=$<TARGET_FILE:tok>)
  endif()
  if(TARGET tok_python)
    list(APPEND environment PYTHONPATH=${PROJECT_BINARY_DIR}/python)
  endif()
  add_test(NAME ${name} COMMAND ${PROJECT_SOURCE_DIR}/tests/run_pytest ${file})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT ${arg_TIMEOUT} SKIP_RETURN_CODE 77
                       ENVIRONMENT "${environment}")
endfunction()
