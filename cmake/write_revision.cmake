# Writes revision.cpp when it changed. Arguments: OUT, SOURCE, BUILD_TYPE, COMPILER, VERSION, and EXTRA, the folder of
# methods from outside the tree, or nothing.
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
set(extra "")
if(EXTRA)
  file(GLOB files LIST_DIRECTORIES false RELATIVE ${EXTRA} ${EXTRA}/*.cpp ${EXTRA}/*.h)
  list(SORT files)
  set(digests "")
  foreach(file IN LISTS files)
    file(SHA256 ${EXTRA}/${file} digest)
    string(APPEND digests "${digest}  ${file}\n")
  endforeach()
  string(SHA256 digest "${digests}")
  cmake_path(GET EXTRA FILENAME extra)
  string(APPEND extra " sha256:${digest}")
endif()
set(text "// Written by the build.\n#include \"suites/ground/revision.h\"\n\nnamespace sslbench {\nconst char* const kVersion = \"${VERSION}\";\nconst char* const kRevision = \"${revision}\";\nconst bool kRevisionDirty = ${dirty};\nconst char* const kCompiler = \"${COMPILER}\";\nconst char* const kBuildType = \"${BUILD_TYPE}\";\nconst char* const kExtraMethods = \"${extra}\";\n}  // namespace sslbench\n")
set(old "")
if(EXISTS ${OUT})
  file(READ ${OUT} old)
endif()
if(NOT old STREQUAL text)
  file(WRITE ${OUT} "${text}")
endif()
