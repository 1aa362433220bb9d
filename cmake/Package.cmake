# Packages of what is installed: cpack in the folder of a build makes a .tar.gz
# and a .deb.
set(CPACK_PACKAGE_NAME mobileone)
set(CPACK_PACKAGE_VENDOR "The authors of the MobileOne compiler")
set(CPACK_PACKAGE_CONTACT "${CPACK_PACKAGE_VENDOR}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Compiles MobileOne checkpoints to object files")
set(CPACK_PACKAGE_FILE_NAME
  mobileone-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
string(TOLOWER ${CPACK_PACKAGE_FILE_NAME} CPACK_PACKAGE_FILE_NAME)
set(CPACK_GENERATOR TGZ DEB)
# A build with debug information is without it in packages.
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "A trained checkpoint goes in, one object file and one C header come out: the
whole network, called like a function, without a library beside it.")
# The C library that it needs, by the functions that it calls.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "cmake, pkg-config")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
include(CPack)
