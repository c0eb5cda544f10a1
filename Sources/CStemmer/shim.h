#ifndef TOCSIN_CSTEMMER_SHIM_H
#define TOCSIN_CSTEMMER_SHIM_H

#include <libstemmer.h>

#endif
