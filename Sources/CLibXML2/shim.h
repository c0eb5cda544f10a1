// libxml2 for Swift. Debian builds libxml2 with ICU, whose headers clash with Foundation's own: we switch that flag off
// before anything else is read, and use no function that depends on it.
#ifndef TOCSIN_CLIBXML2_SHIM_H
#define TOCSIN_CLIBXML2_SHIM_H

#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/encoding.h>
#include <libxml/dict.h>
#include <libxml/xmlerror.h>

#endif
