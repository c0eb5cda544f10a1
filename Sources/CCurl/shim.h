// libcurl for Swift. `curl_easy_setopt` and its kin are variadic and read a type that depends on the option; Swift cannot
// call them, and a wrong width is a bug that works until it does not. So: one inline function for each C type.
#ifndef TOCSIN_CCURL_SHIM_H
#define TOCSIN_CCURL_SHIM_H

#include <curl/curl.h>

#endif
