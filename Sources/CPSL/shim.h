#ifndef TOCSIN_CPSL_SHIM_H
#define TOCSIN_CPSL_SHIM_H

#include <libpsl.h>

#endif
