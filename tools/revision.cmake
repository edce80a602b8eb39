# revision.cmake: writes revision.h when the git revision has changed.
execute_process(COMMAND git describe --always --dirty --tags WORKING_DIRECTORY ${ROOT}
    OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT revision)
    set(revision "unknown")
endif()
set(text "#define VW_REVISION \"${revision}\"\n")
if(EXISTS ${TO})
    file(READ ${TO} before)
endif()
if(NOT "${before}" STREQUAL "${text}")
    file(WRITE ${TO} "${text}")
endif()
