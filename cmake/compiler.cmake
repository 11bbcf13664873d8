# Warnings are errors in every build; hardening flags in every build but the
# sanitizers', which bring their own.
add_compile_options(
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wcast-qual -Wformat=2 -Wimplicit-fallthrough -Wvla -fno-omit-frame-pointer)

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-Wthread-safety)
endif()

set(BEHALF_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")
if(BEHALF_SANITIZE)
  add_compile_options(-fsanitize=${BEHALF_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BEHALF_SANITIZE})
else()
  add_compile_options(-fstack-protector-strong -fstack-clash-protection)
  add_compile_options($<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
  add_link_options(-Wl,-z,relro,-z,now)
endif()
if(BEHALF_FUZZERS)
  # What libFuzzer steers by must be in the parsers, not only in the fuzzers.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()

# A sixth of the time of the default linker, for each of many programs.
find_program(BEHALF_LLD ld.lld)
if(BEHALF_LLD)
  add_link_options(-fuse-ld=lld)
endif()
