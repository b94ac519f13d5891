# Writes revision.cpp when it changed. Arguments: OUT, SOURCE, BUILD_TYPE, COMPILER, VERSION.
# A tree is dirty when a tracked file differs from the commit, or when a file that the programs are compiled from is not
# tracked at all, whatever .gitignore says of it.
set(revision "unknown")
set(dirty false)
execute_process(COMMAND git -C ${SOURCE} rev-parse HEAD OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE
                ERROR_QUIET RESULT_VARIABLE failed)
execute_process(COMMAND git -C ${SOURCE} rev-parse --show-prefix OUTPUT_VARIABLE prefix OUTPUT_STRIP_TRAILING_WHITESPACE
                ERROR_QUIET)
if(NOT failed AND prefix STREQUAL "")  # unpacked inside another repository: that one's commit says nothing
  set(revision "${found}")
  execute_process(COMMAND git -C ${SOURCE} status --porcelain --untracked-files=no OUTPUT_VARIABLE changes ERROR_QUIET)
  execute_process(COMMAND git -C ${SOURCE} -c core.quotepath=off ls-files --others -- datasets methods reports suites cmake CMakeLists.txt
                  OUTPUT_VARIABLE others ERROR_QUIET)
  string(REGEX MATCHALL "[^\n]*\\.(cpp|h|cu|cuh|cmake|txt)\n" sources "${others}")
  if(changes OR sources)
    set(dirty true)
  endif()
endif()
set(text "// Written by the build.\n#include \"suites/ground/revision.h\"\n\nnamespace sslbench {\nconst char* const kVersion = \"${VERSION}\";\nconst char* const kRevision = \"${revision}\";\nconst bool kRevisionDirty = ${dirty};\nconst char* const kCompiler = \"${COMPILER}\";\nconst char* const kBuildType = \"${BUILD_TYPE}\";\n}  // namespace sslbench\n")
set(old "")
if(EXISTS ${OUT})
  file(READ ${OUT} old)
endif()
if(NOT old STREQUAL text)
  file(WRITE ${OUT} "${text}")
endif()
