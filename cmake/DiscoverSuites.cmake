# Run by ctest with `name`, `program` and `cases_a_test` set: one test a suite of googletest, or a part of a long one,
# instead of one a case. A program that links LibTorch takes half a second to start, which a thousand cases pay once each.
execute_process(COMMAND ${program} --gtest_list_tests OUTPUT_VARIABLE listing RESULT_VARIABLE failed
                ERROR_VARIABLE why TIMEOUT 60)
if(failed)
  add_test(${name}.Listing ${program} --gtest_list_tests)  # fails as it did here, instead of no test at all
  return()
endif()
string(REGEX REPLACE " *#[^\n]*" "" listing "${listing}")
string(REGEX MATCHALL "[^\n]+" lines "${listing}")

macro(add_suite)
  if(cases GREATER 0)
    math(EXPR parts "(${cases} + ${cases_a_test} - 1) / ${cases_a_test}")
    math(EXPR last "${parts} - 1")
    foreach(part RANGE ${last})
      set(test ${suite})
      if(parts GREATER 1)
        set(test "${suite}.${part}")
      endif()
      add_test(${test} ${program} --gtest_filter=${suite}.*)
      set_tests_properties(${test} PROPERTIES TIMEOUT 600
        ENVIRONMENT "OMP_NUM_THREADS=1;GTEST_TOTAL_SHARDS=${parts};GTEST_SHARD_INDEX=${part}")
    endforeach()
  endif()
endmacro()

set(cases 0)
foreach(line IN LISTS lines)
  if(line MATCHES "^  ")
    math(EXPR cases "${cases} + 1")
  elseif(line MATCHES "^([^ ]+)\\.$")
    set(next ${CMAKE_MATCH_1})
    add_suite()
    set(suite ${next})
    set(cases 0)
  endif()
endforeach()
add_suite()
